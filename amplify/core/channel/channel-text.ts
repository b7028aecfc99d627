import type { WakePhase } from '../agent.ts';
import type { MissedReason } from '../attachment.ts';
import type { Language } from '../language.ts';
import type { TranscriptFault } from '../transcript.ts';

/** What people read on a channel. Markdown; each channel renders it its own way. */
export interface ChannelTexts {
  /** To somebody unknown, once. `channel`: how people call it, and the settings of the web app. */
  stranger: (channel: string) => string;
  linked: (name: string) => string;
  linkedAlready: string;
  codeUnknown: (channel: string) => string;
  unlinked: string;
  groupLinked: string;
  groupUnlinked: string;
  groupNotLetIn: string;
  groupTaken: string;
  inPrivate: string;
  newConversation: string;
  nothingRuns: string;
  stopping: string;
  help: string;
  unknownCommand: string;
  unsupported: string;
  tooLarge: (name: string, megabytes: number) => string;
  wake: Record<WakePhase | 'asleep', string>;
  wakeEstimate: (seconds: number) => string;
  status: {
    asleep: string;
    waking: (phase: string) => string;
    awake: string;
    working: (count: number) => string;
    stopping: string;
    failed: string;
    waiting: (count: number) => string;
    keptFor: (time: string) => string;
    sleepsIn: (time: string) => string;
    sleepsSoon: string;
    month: (spent: string, left: string) => string;
  };
  model: (model: string | null, provider: string | null) => string;
  modelDefault: string;
  usage: {
    month: (month: string, spent: string) => string;
    model: (amount: string, calls: number) => string;
    aws: (amount: string, time: string) => string;
    held: (amount: string) => string;
    left: (day: string, month: string) => string;
    estimate: string;
    stoppedBy: { owner: string; deployment: string };
  };
  stopped: string;
  interrupted: string;
  /** Why a voice message was not written down. */
  notHeard: Record<TranscriptFault, string>;
  runningTool: (title: string) => string;
  approval: (command: string) => string;
  allowed: (command: string) => string;
  denied: (command: string) => string;
  approvalGone: (command: string) => string;
  fileGone: (name: string) => string;
  fileRefused: (name: string) => string;
  /** Files that the agent handed over and that were not kept. */
  missed: Record<MissedReason, (names: readonly string[]) => string>;
  buttons: { stop: string; retry: string; allow: string; deny: string };
  toasts: {
    stopping: string;
    retried: string;
    allowed: string;
    denied: string;
    over: string;
    notYours: string;
  };
  commands: Record<ChannelCommand, string>;
  description: (channel: string) => string;
  shortDescription: string;
}

/** In the order in which channels list them. */
export const channelCommands = ['new', 'stop', 'status', 'model', 'usage', 'link', 'unlink', 'help'] as const;
export type ChannelCommand = (typeof channelCommands)[number];

const inline = (text: string) => `\`${text.replaceAll('`', 'ˋ').replace(/\s+/gu, ' ')}\``;
const listOf = (names: readonly string[]) => names.map(inline).join(', ');
/** A command as a block of code; a fence that it may hold itself is broken. */
const block = (text: string) => `\`\`\`sh\n${text.replaceAll('```', 'ˋˋˋ')}\n\`\`\``;

const enCommands: ChannelTexts['commands'] = {
  new: 'Start a new conversation',
  stop: 'Stop what the agent is doing',
  status: 'Asleep or awake, and what it costs',
  model: 'Which model answers',
  usage: 'What this month has cost',
  link: 'Connect this chat with your account',
  unlink: 'Disconnect from your account',
  help: 'What you can do here',
};
const koCommands: ChannelTexts['commands'] = {
  new: '새 대화 시작하기',
  stop: '에이전트의 작업 중지하기',
  status: '에이전트 상태와 비용 보기',
  model: '답변하는 모델 보기',
  usage: '이번 달 비용 보기',
  link: '이 채팅을 내 계정에 연결하기',
  unlink: '내 계정과의 연결 끊기',
  help: '사용할 수 있는 명령 보기',
};
const listed = (commands: ChannelTexts['commands']) =>
  channelCommands.map((name) => `/${name} – ${commands[name]}`).join('\n');

export const channelTexts: Record<Language, ChannelTexts> = {
  en: {
    stranger: (channel) =>
      `Hello! I answer only people who have connected me with their account. Open **Settings → ${channel}** in the web app and choose **Connect**.`,
    linked: (name) =>
      `Connected, ${name}. Write to me and your agent answers, here and in the web app. It may be asleep: then it takes a moment to wake up.\n\n${listed(enCommands)}`,
    linkedAlready: 'You are connected already. Just write.',
    codeUnknown: (channel) =>
      `This link has been used or is older than ten minutes. Open **Settings → ${channel}** in the web app and make a new one.`,
    unlinked: 'Disconnected. Your conversations are still in the web app.',
    groupLinked:
      'Connected. In this group I answer you, its owner, when you mention me or reply to me. Others can read the answers.',
    groupUnlinked: 'Disconnected from this group.',
    groupNotLetIn: 'I don’t answer in this group yet. Send /link here to let me in.',
    groupTaken: 'In this group I answer somebody else already. Only they can end that, with /unlink.',
    inPrivate: 'Please ask me in a private chat.',
    newConversation: 'A new conversation. What shall we do?',
    nothingRuns: 'Nothing is running here.',
    stopping: 'Stopping.',
    help: `Write to me and your agent answers, here and in the web app.\n\n${listed(enCommands)}`,
    unknownCommand: `I don’t know this command.\n\n${listed(enCommands)}`,
    unsupported: 'I can read text, pictures, voice and files, but not this. Please write it as text.',
    tooLarge: (name, megabytes) =>
      `${inline(name)} is too large: only files up to ${megabytes} MB reach me here. Nothing was taken. Send a smaller file, or send this one in the web app.`,
    wake: {
      asleep: 'Waking your agent…',
      requested: 'Waking your agent…',
      provisioning: 'Getting a machine for your agent…',
      pulling: 'Loading your agent…',
      starting: 'Starting your agent…',
      restoring: 'Restoring its memory…',
      booting: 'Almost there…',
      ready: 'Awake.',
    },
    wakeEstimate: (seconds) => `Usually ready within ${seconds} s.`,
    status: {
      asleep: '💤 Your agent is asleep. A message wakes it.',
      waking: (phase) => `⏳ ${phase}`,
      awake: '🟢 Your agent is awake.',
      working: (count) =>
        count === 1
          ? '🟢 Your agent is working on a message.'
          : `🟢 Your agent has ${count} messages to answer.`,
      stopping: '🌙 Your agent is going to sleep. A message wakes it again.',
      failed: '⚠️ Your agent could not be started. The next message tries again.',
      waiting: (count) => (count === 1 ? '1 message is waiting.' : `${count} messages are waiting.`),
      keptFor: (time) => `It stays awake for ${time}.`,
      sleepsIn: (time) => `It sleeps in ${time}.`,
      sleepsSoon: 'It sleeps as soon as it is done.',
      month: (spent, left) => `This month: about ${spent}. ${left} left.`,
    },
    model: (model, provider) =>
      `${inline(model ?? '?')}${provider ? ` by ${provider}` : ''}. Choose another in the web app’s settings.`,
    modelDefault: 'The deployment’s own model answers. Choose another in the web app’s settings.',
    usage: {
      month: (month, spent) => `**${month}: about ${spent}**`,
      model: (amount, calls) => `Model: ${amount} (${calls === 1 ? 'one call' : `${calls} calls`})`,
      aws: (amount, time) => `AWS: ${amount} (awake for ${time})`,
      held: (amount) => `Reserved for calls that still run or whose result is not known: ${amount}`,
      left: (day, month) => `Left: ${day} today, ${month} this month`,
      estimate: 'An estimate. The web app’s **Usage** page shows it day by day.',
      stoppedBy: {
        owner: '⚠️ You have stopped all spending. Allow it again in the web app’s settings.',
        deployment: '⚠️ Whoever runs this deployment has stopped spending for everybody.',
      },
    },
    stopped: '_Stopped._',
    interrupted: '_Cut off after a command had run. It is not repeated by itself._',
    notHeard: {
      unsupported:
        '_Your model’s provider can’t turn voice into text. The agent got the recording as a file._',
      spending:
        '_Your spending limit did not allow turning your voice into text. The agent got the recording as a file._',
      failed: '_Your voice could not be turned into text. The agent got the recording as a file._',
    },
    runningTool: (title) => `🔧 ${inline(title)}`,
    approval: (command) => `May your agent run this?\n\n${block(command)}`,
    allowed: (command) => `✅ Allowed\n\n${block(command)}`,
    denied: (command) => `🚫 Denied\n\n${block(command)}`,
    approvalGone: (command) => `⌛ No longer needed\n\n${block(command)}`,
    fileGone: (name) => `📄 ${inline(name)} was deleted.`,
    fileRefused: (name) => `📄 ${inline(name)} can’t be sent here. It is in the web app.`,
    missed: {
      too_large: (names) =>
        `📄 Larger than 25 MB, so not sent: ${listOf(names)}. Ask your agent to make it smaller or to split it.`,
      too_many: (names) => `📄 Beyond ten files, so not sent: ${listOf(names)}. Ask your agent for the rest.`,
      failed: (names) => `📄 Not sent, something went wrong: ${listOf(names)}. Ask your agent again.`,
    },
    buttons: { stop: '⏹ Stop', retry: '↻ Retry', allow: '✅ Allow once', deny: '🚫 Deny' },
    toasts: {
      stopping: 'Stopping…',
      retried: 'Trying again…',
      allowed: 'Allowed',
      denied: 'Denied',
      over: 'This is over already.',
      notYours: 'Only the owner can do this.',
    },
    commands: enCommands,
    description: (channel) =>
      `Your own AI agent. It sleeps while nobody talks and wakes up when you write. To begin, open Settings → ${channel} in the web app and choose Connect.`,
    shortDescription: 'Your own AI agent. It sleeps while nobody talks and wakes up when you write.',
  },
  ko: {
    stranger: (channel) =>
      `안녕하세요! 계정을 연결한 분에게만 답변합니다. 웹 앱에서 **설정 → ${channel}** 화면을 열고 **연결**을 눌러 주세요.`,
    linked: (name) =>
      `${name} 님, 연결되었습니다. 메시지를 보내면 에이전트가 여기와 웹 앱에서 답변합니다. 자고 있으면 깨어나는 데 잠시 걸립니다.\n\n${listed(koCommands)}`,
    linkedAlready: '이미 연결되어 있습니다. 바로 메시지를 보내 주세요.',
    codeUnknown: (channel) =>
      `이미 사용했거나 10분이 지난 링크입니다. 웹 앱에서 **설정 → ${channel}** 화면을 열고 새 링크를 만들어 주세요.`,
    unlinked: '연결을 끊었습니다. 대화는 웹 앱에 그대로 있습니다.',
    groupLinked:
      '연결되었습니다. 이 그룹에서는 연결한 분이 봇을 멘션하거나 봇의 메시지에 답장할 때만 답변합니다. 답변은 다른 참여자도 볼 수 있습니다.',
    groupUnlinked: '이 그룹과의 연결을 끊었습니다.',
    groupNotLetIn: '이 그룹에서는 아직 답변하지 않습니다. 답변을 받으려면 여기에서 /link를 보내 주세요.',
    groupTaken: '이 그룹에서는 이미 다른 분에게 답변하고 있습니다. 그분만 /unlink로 끝낼 수 있습니다.',
    inPrivate: '봇과의 개인 채팅에서 물어봐 주세요.',
    newConversation: '새 대화를 시작합니다. 무엇을 도와드릴까요?',
    nothingRuns: '진행 중인 작업이 없습니다.',
    stopping: '중지하는 중입니다.',
    help: `메시지를 보내면 에이전트가 여기와 웹 앱에서 답변합니다.\n\n${listed(koCommands)}`,
    unknownCommand: `알 수 없는 명령입니다.\n\n${listed(koCommands)}`,
    unsupported: '글, 사진, 음성, 파일은 읽을 수 있지만 이 종류는 읽을 수 없습니다. 글로 보내 주세요.',
    tooLarge: (name, megabytes) =>
      `${inline(name)} 파일이 너무 큽니다. 여기서는 ${megabytes}MB까지만 받을 수 있습니다. 더 작은 파일을 보내거나 웹 앱에서 보내 주세요.`,
    wake: {
      asleep: '에이전트를 깨우고 있습니다…',
      requested: '에이전트를 깨우고 있습니다…',
      provisioning: '에이전트가 쓸 컴퓨터를 준비하고 있습니다…',
      pulling: '에이전트를 불러오고 있습니다…',
      starting: '에이전트를 시작하고 있습니다…',
      restoring: '기억을 되살리고 있습니다…',
      booting: '거의 준비되었습니다…',
      ready: '깨어났습니다.',
    },
    wakeEstimate: (seconds) => `보통 ${seconds}초 안에 준비됩니다.`,
    status: {
      asleep: '💤 에이전트가 자고 있습니다. 메시지를 보내면 깨어납니다.',
      waking: (phase) => `⏳ ${phase}`,
      awake: '🟢 에이전트가 깨어 있습니다.',
      working: (count) =>
        count === 1
          ? '🟢 에이전트가 메시지를 처리하고 있습니다.'
          : `🟢 에이전트가 메시지 ${count}개를 차례로 처리하고 있습니다.`,
      stopping: '🌙 에이전트가 잠드는 중입니다. 메시지를 보내면 다시 깨어납니다.',
      failed: '⚠️ 에이전트를 시작하지 못했습니다. 메시지를 보내면 다시 시도합니다.',
      waiting: (count) => `메시지 ${count}개가 대기 중입니다.`,
      keptFor: (time) => `${time} 동안 깨어 있습니다.`,
      sleepsIn: (time) => `${time} 뒤 잠듭니다.`,
      sleepsSoon: '작업을 마치면 잠듭니다.',
      month: (spent, left) => `이번 달: 약 ${spent} 사용, 한도까지 ${left} 남음`,
    },
    model: (model, provider) =>
      `${provider ? `${provider}의 ` : ''}${inline(model ?? '?')} 모델이 답변합니다. 웹 앱의 설정에서 바꿀 수 있습니다.`,
    modelDefault: '이 서비스의 기본 모델이 답변합니다. 웹 앱의 설정에서 바꿀 수 있습니다.',
    usage: {
      month: (month, spent) => `**${month}: 약 ${spent}**`,
      model: (amount, calls) => `모델: ${amount} (호출 ${calls}회)`,
      aws: (amount, time) => `AWS: ${amount} (${time} 실행)`,
      held: (amount) => `끝나지 않았거나 결과를 알 수 없는 호출에 예약된 금액: ${amount}`,
      left: (day, month) => `남은 한도: 오늘 ${day}, 이번 달 ${month}`,
      estimate: '추정치입니다. 날짜별 내역은 웹 앱의 **사용량** 페이지에서 볼 수 있습니다.',
      stoppedBy: {
        owner: '⚠️ 모든 지출을 중지한 상태입니다. 웹 앱의 설정에서 다시 허용할 수 있습니다.',
        deployment: '⚠️ 운영자가 모든 사용자의 지출을 중지했습니다.',
      },
    },
    stopped: '_중지했습니다._',
    interrupted: '_명령을 실행한 뒤에 끊겼습니다. 자동으로 다시 실행하지 않습니다._',
    notHeard: {
      unsupported:
        '_지금 쓰는 모델 제공자는 음성을 글로 바꾸지 못합니다. 에이전트에게는 녹음 파일을 전달했습니다._',
      spending: '_지출 한도 때문에 음성을 글로 바꾸지 못했습니다. 에이전트에게는 녹음 파일을 전달했습니다._',
      failed: '_음성을 글로 바꾸지 못했습니다. 에이전트에게는 녹음 파일을 전달했습니다._',
    },
    runningTool: (title) => `🔧 ${inline(title)}`,
    approval: (command) => `에이전트가 이 명령을 실행해도 될까요?\n\n${block(command)}`,
    allowed: (command) => `✅ 허용함\n\n${block(command)}`,
    denied: (command) => `🚫 거부함\n\n${block(command)}`,
    approvalGone: (command) => `⌛ 더 이상 필요 없음\n\n${block(command)}`,
    fileGone: (name) => `📄 ${inline(name)} 파일은 삭제되었습니다.`,
    fileRefused: (name) => `📄 ${inline(name)} 파일은 여기로 보낼 수 없습니다. 웹 앱에서 볼 수 있습니다.`,
    missed: {
      too_large: (names) =>
        `📄 25MB보다 커서 보내지 못한 파일: ${listOf(names)}. 더 작게 만들거나 나누어 달라고 해 주세요.`,
      too_many: (names) => `📄 10개를 넘어 보내지 못한 파일: ${listOf(names)}. 나머지를 따로 요청해 주세요.`,
      failed: (names) =>
        `📄 문제가 생겨 보내지 못한 파일: ${listOf(names)}. 에이전트에게 다시 요청해 주세요.`,
    },
    buttons: { stop: '⏹ 중지', retry: '↻ 다시 시도', allow: '✅ 한 번 허용', deny: '🚫 거부' },
    toasts: {
      stopping: '중지하는 중…',
      retried: '다시 시도하는 중…',
      allowed: '허용했습니다',
      denied: '거부했습니다',
      over: '이미 끝난 작업입니다.',
      notYours: '연결한 분만 할 수 있습니다.',
    },
    commands: koCommands,
    description: (channel) =>
      `나만의 AI 에이전트입니다. 대화가 없으면 자고, 메시지를 보내면 깨어납니다. 시작하려면 웹 앱에서 설정 → ${channel} 화면을 열고 연결을 눌러 주세요.`,
    shortDescription: '나만의 AI 에이전트입니다. 대화가 없으면 자고, 메시지를 보내면 깨어납니다.',
  },
};
