import type { AgentView } from '../../amplify/core/agent.ts';
import type { Conversation } from '../../amplify/core/conversation.ts';
import type { Message } from '../../amplify/core/message.ts';
import type { ScheduleView } from '../../amplify/core/schedule/schedule-view.ts';

/** Rows that a page of `ui/page` begins with. */
export type Given = NonNullable<typeof window.given>;

export const minutesAgo = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();

/** The n-th id; ids sort by number, as real ones by time. */
export const idOf = (n: number): string => `0199a000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;

export const conversationOf = (n: number, title: string, minutes: number): Conversation => ({
  id: idOf(n),
  title,
  createdAt: minutesAgo(minutes),
  activeAt: minutesAgo(minutes),
});

/** A message of the conversation with id 1, answered unless `rest` says otherwise. */
export const messageOf = (n: number, text: string, answer: string, rest: Partial<Message> = {}): Message => ({
  conversationId: idOf(1),
  id: idOf(100 + n),
  text,
  channel: 'web',
  status: 'answered',
  attempt: 1,
  epoch: 1,
  acceptedAt: minutesAgo(30 - n * 5),
  startedAt: minutesAgo(30 - n * 5),
  finishedAt: minutesAgo(29 - n * 5),
  answer,
  seq: 1,
  attachments: [],
  files: [],
  tools: [],
  usage: {
    ...{ inputTokens: 8214, outputTokens: 642, cachedTokens: 6144, cacheWriteTokens: 0, reasoningTokens: 0 },
    ...{ costMicros: 4_210, estimated: false },
  },
  model: 'claude-sonnet-5',
  ...rest,
});

export const awake: AgentView = {
  state: 'awake',
  revision: 9,
  sleepsAt: minutesAgo(-9),
  medianWakeMs: 24_000,
};
export const waking: AgentView = {
  state: 'waking',
  revision: 8,
  phase: 'restoring',
  wakeStartedAt: minutesAgo(0.15),
  phaseAt: minutesAgo(0.02),
  medianWakeMs: 24_000,
};

const texts = {
  en: {
    titles: [
      'Largest files on the server',
      'Trip to Gangneung in May',
      'Quarterly report, second draft',
      'Why the backup failed',
      'Names for the cat',
    ],
    ask: 'Which are the largest files below /var? A small script that I can keep would be good.',
    answer: [
      'Here is a script that finds them. It needs nothing but GNU tools:',
      '',
      '```bash',
      '#!/usr/bin/env bash',
      '# The ten largest files below a folder.',
      'set -euo pipefail',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: that is how a shell writes it
      'folder="${1:-.}"',
      'find "$folder" -xdev -type f -printf "%s\\t%p\\n" 2>/dev/null |',
      '  sort -rn | head -n 10 | numfmt --field=1 --to=iec',
      '```',
      '',
      'On your machine it found, among others:',
      '',
      '| File | Size | Last change |',
      '| --- | ---: | --- |',
      '| `/var/lib/docker/overlay2/a3f…` | 2.1G | today |',
      '| `/var/log/journal/system.journal` | 812M | today |',
      '| `/var/cache/apt/pkgcache.bin` | 49M | 3 days ago |',
      '',
      'The journal **may be cut** with `journalctl --vacuum-size=200M`. A file of $n$ blocks takes $\\lceil n / 8 \\rceil$ pages:',
      '',
      '$$\\text{pages}(n) = \\sum_{i=1}^{n} \\frac{b_i}{4096} \\le \\left\\lceil \\frac{n}{8} \\right\\rceil$$',
    ].join('\n'),
    next: 'Good. Run it every Monday.',
    nextAnswer:
      'Done: every **Monday at 07:00** it writes its list to `reports/largest.txt`. I keep a note of it, so you can ask for the last list at any time.',
    tool: 'find /var -xdev -type f -printf "%s\\t%p\\n"',
  },
  ko: {
    titles: [
      '서버에서 가장 큰 파일',
      '5월 강릉 여행 계획',
      '분기 보고서 두 번째 초안',
      '백업이 실패한 이유',
      '고양이 이름 짓기',
    ],
    ask: '/var 아래에서 가장 큰 파일이 뭐야? 계속 쓸 수 있는 작은 스크립트면 좋겠어.',
    answer: [
      '이 스크립트로 찾을 수 있습니다. **"GNU 도구"**만 있으면 됩니다.',
      '',
      '```bash',
      '#!/usr/bin/env bash',
      '# 폴더 아래에서 가장 큰 파일 열 개',
      'set -euo pipefail',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: that is how a shell writes it
      'folder="${1:-.}"',
      'find "$folder" -xdev -type f -printf "%s\\t%p\\n" 2>/dev/null |',
      '  sort -rn | head -n 10 | numfmt --field=1 --to=iec',
      '```',
      '',
      '실행해 보니 이런 파일이 나왔습니다.',
      '',
      '| 파일 | 크기 | 바뀐 때 |',
      '| --- | ---: | --- |',
      '| `/var/lib/docker/overlay2/a3f…` | 2.1G | 오늘 |',
      '| `/var/log/journal/system.journal` | 812M | 오늘 |',
      '| `/var/cache/apt/pkgcache.bin` | 49M | 3일 전 |',
      '',
      '저널은 `journalctl --vacuum-size=200M`으로 줄일 수 있습니다. 블록이 $n$개인 파일은 $\\lceil n / 8 \\rceil$쪽을 차지합니다.',
    ].join('\n'),
    next: '좋아. 매주 월요일에 실행해 줘.',
    nextAnswer:
      '**매주 월요일 오전 7시**에 결과를 `reports/largest.txt`에 적도록 해 두었습니다. 메모해 두었으니 언제든 최근 목록을 물어보셔도 됩니다.',
    tool: 'find /var -xdev -type f -printf "%s\\t%p\\n"',
  },
};

/** A browser with some conversations, of which the first is open in the pictures. */
export function someConversations(language: 'en' | 'ko'): Given {
  const t = texts[language];
  return {
    agent: awake,
    conversations: t.titles.map((title, index) => conversationOf(index + 1, title, 10 + index * index * 700)),
    messages: [
      messageOf(1, t.ask, t.answer, {
        tools: [
          {
            id: 't1',
            name: 'exec',
            title: t.tool,
            status: 'done',
            at: 0,
            input: t.tool,
            output: '2254857830\t/var/lib/docker/overlay2/a3f\n851443712\t/var/log/journal/system.journal',
            startedAt: minutesAgo(25),
            finishedAt: minutesAgo(24.93),
          },
        ],
      }),
      messageOf(2, t.next, t.nextAnswer),
    ],
  };
}

/** A month of usage until today. */
export function usageRows(): Record<string, unknown>[] {
  const today = new Date().toISOString().slice(0, 10);
  const period = today.slice(0, 7);
  const row: Record<string, unknown> = { period, seconds: 31_400, calls: 143, 'held-1': 41_000 };
  let counted = 41_000;
  for (let day = 1; day <= Number(today.slice(8)); day += 1) {
    const name = String(day).padStart(2, '0');
    const [model, aws] =
      day % 7 === 0 ? [0, 0] : [((day * 37) % 11) * 61_000, 4_000 + ((day * 13) % 5) * 6_100];
    Object.assign(row, { [`model${name}`]: model, [`aws${name}`]: aws, [`counted${name}`]: model + aws });
    counted += model + aws;
  }
  for (let task = 0; task < 38; task += 1) row[`task-${task}`] = 1;
  return [
    { ...row, counted },
    { period: `${period}#${idOf(1)}`, model: 4_120_000, calls: 61, inputTokens: 1, outputTokens: 1 },
    { period: `${period}#${idOf(2)}`, model: 1_030_000, calls: 22, inputTokens: 1, outputTokens: 1 },
  ];
}

/** Schedules of the first conversation: one that repeats, one that comes once, one that was refused, one that is off. */
export function someSchedules(language: 'en' | 'ko'): ScheduleView[] {
  const ko = language === 'ko';
  const schedule = (n: number, text: string, rest: Partial<ScheduleView>): ScheduleView => ({
    ...{ id: idOf(900 + n), conversationId: idOf(1), text, madeBy: 'person', lastRun: null },
    cadence: { kind: 'cron', expression: '0 8 * * 1-5', zone: 'Asia/Seoul' },
    nextAt: minutesAgo(-700),
    ...rest,
  });
  const ran = { dueAt: minutesAgo(740), at: minutesAgo(739.7) };
  const once = minutesAgo(-180);
  return [
    schedule(1, ko ? '치과에 전화하라고 알려 줘' : 'Remind me to call the dentist', {
      cadence: { kind: 'once', at: once },
      nextAt: once,
    }),
    schedule(2, ko ? '오늘 뉴스를 세 줄로 알려 줘' : 'Tell me the news in three lines', {
      lastRun: { ...ran, messageId: idOf(102) },
    }),
    schedule(
      3,
      ko
        ? '디스크가 찼는지 보고, 찼으면 무엇이 큰지 알려 줘'
        : 'Look whether the disk is full, and if so, what is large',
      {
        cadence: { kind: 'cron', expression: '30 9 * * 1,3,5', zone: 'Asia/Seoul' },
        lastRun: { ...ran, error: { code: 'spending.day_cap' } },
      },
    ),
    schedule(4, ko ? '영수증을 모아 줘' : 'Collect the receipts', {
      cadence: { kind: 'cron', expression: '0 18 1 * *', zone: 'Asia/Seoul' },
      nextAt: null,
    }),
  ];
}
