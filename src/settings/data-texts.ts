import type { Language } from '../../amplify/core/language.ts';
import type { Widen } from '../i18n/texts.ts';

const en = {
  export: 'Take your conversations with you',
  exportAbout: 'All of them in one file: Markdown to read, JSON for programs. The agent may sleep meanwhile.',
  asMarkdown: 'Export as Markdown',
  asJson: 'Export as JSON',
  reading: (messages: string, conversations: number) =>
    `${messages} messages of ${conversations === 1 ? 'one conversation' : `${conversations} conversations`} read…`,
  elsewhere: 'Files, saved states and costs are exported on their own pages:',
  erase: 'Delete my data',
  eraseAbout: 'If you want to keep anything, export it first. These go for good:',
  goes: [
    'all conversations, messages and files',
    'your agent with its memory, its files and its saved states; a running task is ended',
    'your settings, your API key and the connection with Telegram',
    'your costs by conversation and of past months',
  ],
  stays:
    'What stays with your account: how much was spent this month, how many messages were sent today and how often the agent has started. The limits need these numbers; they hold nothing that you wrote.',
  staysNothing: 'With your account everything goes, these numbers too.',
  staysElsewhere:
    'For a while more, and out of reach of this app: logs (seven days by default, without your texts), backups of the tables (up to 35 days), and AWS’s bills.',
  account: 'Delete my account, too',
  eraseAsk: 'Delete my data…',
  question: 'Delete everything that you have here?',
  questionAccount: 'Delete everything that you have here, and your account?',
  noWayBack: 'There is no way back. You will be signed out.',
  word: 'delete',
  typeWord: (word: string) => `Type “${word}” to confirm`,
  eraseNow: 'Delete for good',
  busy: 'Deleting…',
  accountKept:
    'Your data is being deleted, but the account could not be. Try once more, or sign in again later.',
};

const ko: Widen<typeof en> = {
  export: '대화 내보내기',
  exportAbout:
    '모든 대화를 파일 하나로 저장합니다. Markdown은 읽기 좋고 JSON은 프로그램에서 쓰기 좋습니다. 에이전트가 자고 있어도 됩니다.',
  asMarkdown: 'Markdown으로 내보내기',
  asJson: 'JSON으로 내보내기',
  reading: (messages, conversations) => `대화 ${conversations}개, 메시지 ${messages}개를 읽었습니다…`,
  elsewhere: '파일, 저장된 상태, 비용은 각 페이지에서 내보낼 수 있습니다.',
  erase: '내 데이터 삭제',
  eraseAbout: '간직할 것이 있다면 먼저 내보내 주세요. 다음은 완전히 삭제됩니다.',
  goes: [
    '모든 대화, 메시지, 파일',
    '에이전트와 그 기억, 파일, 저장된 상태. 실행 중인 작업은 종료됩니다',
    '설정, API 키, 텔레그램 연결',
    '대화별 비용과 지난달까지의 비용',
  ],
  stays:
    '계정에 남는 것은 이번 달 사용 금액, 오늘 보낸 메시지 수, 에이전트가 시작된 횟수입니다. 한도를 지키는 데 필요한 숫자이며, 작성한 내용은 들어 있지 않습니다.',
  staysNothing: '계정을 삭제하면 이 숫자까지 모두 삭제됩니다.',
  staysElsewhere:
    '한동안 이 앱이 닿지 않는 곳에 남는 것도 있습니다. 로그(기본 7일, 대화 내용은 없음), 테이블 백업(최대 35일), AWS 청구 내역입니다.',
  account: '계정도 삭제',
  eraseAsk: '내 데이터 삭제…',
  question: '여기 있는 모든 데이터를 삭제할까요?',
  questionAccount: '여기 있는 모든 데이터와 계정을 삭제할까요?',
  noWayBack: '되돌릴 수 없습니다. 삭제하면 로그아웃됩니다.',
  word: '삭제',
  typeWord: (word) => `확인하려면 “${word}”라고 입력해 주세요`,
  eraseNow: '완전히 삭제',
  busy: '삭제하는 중…',
  accountKept:
    '데이터는 삭제되고 있지만 계정은 삭제하지 못했습니다. 다시 시도하거나 나중에 다시 로그인해 주세요.',
};

/** Texts of one section, fetched with it: long, and seldom read. */
export const dataTexts: Record<Language, Widen<typeof en>> = { en, ko };
