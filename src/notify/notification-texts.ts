import type { Language } from '../../amplify/core/language.ts';

const en = {
  open: 'Open',
  news: {
    answered: (title: string) => `“${title}” has an answer.`,
    failed: (title: string) => `“${title}” could not be answered.`,
    asks: (title: string) => `“${title}” waits for your word on a command.`,
  },
  about:
    'While you are in another conversation, an answer is announced at the page’s edge, and the tab counts what you have not seen.',
  hidden: 'When the app is out of sight',
  off: 'Nothing is shown by this device.',
  on: 'This device shows a notification when an answer is ready or a command waits for your approval.',
  begin: 'Switch on',
  end: 'Switch off',
  showsText: 'Show the conversation’s name and how the answer begins',
  showsTextHint:
    'Whoever sees your screen can read it. Without it, a notification only says that an answer is there.',
  sample: 'Show one now',
  noSample: 'This browser could not show it. Reload the page and try again.',
  denied:
    'Your browser blocks notifications from this site. Allow them in the site’s settings, beside the address, and come back.',
  unsupported: 'This browser shows no notifications.',
  toInstall:
    'On an iPhone or iPad, add the app to the home screen first: Share, then “Add to Home Screen”. Open it there and switch notifications on.',
  notKept: 'This browser keeps nothing for this site, so the choice can’t be kept.',
  push: {
    closed: 'Also while the app is closed',
    hint: 'Your browser’s push service brings it, encrypted for this browser.',
    notSetUp: 'This service is not set up for it. Its operator can do that with npm run setup.',
    unsupported: 'This browser can’t be notified while the app is closed.',
    noService:
      'The browser could not reach its push service, so only an open page can notify you. Private windows and some browsers have none.',
    devices: 'Browsers that are notified while the app is closed',
    unnamed: 'Browser',
    thisOne: 'this one',
    since: (moment: string) => `Since ${moment}`,
    remove: 'Remove',
    removeOf: (name: string) => `Remove ${name}`,
  },
};

const ko: typeof en = {
  open: '열기',
  news: {
    answered: (title) => `‘${title}’ 대화에 답변이 도착했습니다.`,
    failed: (title) => `‘${title}’ 대화의 메시지에 답변하지 못했습니다.`,
    asks: (title) => `‘${title}’ 대화에서 명령 실행을 승인해 달라고 합니다.`,
  },
  about:
    '다른 대화를 보고 있을 때 답변이 오면 화면 가장자리에 알리고, 아직 보지 않은 답변 수를 탭 제목에 표시합니다.',
  hidden: '앱이 보이지 않을 때',
  off: '이 기기에는 알림을 표시하지 않습니다.',
  on: '답변이 준비되거나 명령 승인이 필요하면 이 기기에 알림을 표시합니다.',
  begin: '켜기',
  end: '끄기',
  showsText: '대화 이름과 답변의 첫 부분 표시',
  showsTextHint: '화면을 보는 사람은 누구나 읽을 수 있습니다. 끄면 답변이 왔다는 사실만 알립니다.',
  sample: '지금 하나 보기',
  noSample: '이 브라우저에서 표시하지 못했습니다. 페이지를 새로고침한 뒤 다시 시도해 주세요.',
  denied:
    '브라우저가 이 사이트의 알림을 차단하고 있습니다. 주소 옆의 사이트 설정에서 허용한 뒤 다시 열어 주세요.',
  unsupported: '이 브라우저는 알림을 지원하지 않습니다.',
  toInstall:
    'iPhone이나 iPad에서는 먼저 앱을 홈 화면에 추가해야 합니다. 공유를 누르고 ‘홈 화면에 추가’를 선택한 뒤, 홈 화면에서 앱을 열어 알림을 켜 주세요.',
  notKept: '이 브라우저가 이 사이트의 데이터를 저장하지 않아 선택을 유지할 수 없습니다.',
  push: {
    closed: '앱을 닫았을 때도 알림',
    hint: '브라우저의 푸시 서비스가 이 브라우저만 읽을 수 있게 암호화된 알림을 전달합니다.',
    notSetUp: '이 서비스에는 설정되어 있지 않습니다. 운영자가 npm run setup 명령으로 설정할 수 있습니다.',
    unsupported: '이 브라우저는 앱을 닫은 동안 알림을 받을 수 없습니다.',
    noService:
      '브라우저가 푸시 서비스에 연결하지 못해, 페이지가 열려 있을 때만 알림을 받을 수 있습니다. 시크릿 창과 일부 브라우저에는 푸시 서비스가 없습니다.',
    devices: '앱을 닫은 동안 알림을 받는 브라우저',
    unnamed: '브라우저',
    thisOne: '지금 쓰는 브라우저',
    since: (moment) => `${moment}부터`,
    remove: '삭제',
    removeOf: (name) => `${name} 삭제`,
  },
};

/** What is said about notifications, fetched with what says it: the page's own texts are read before it is drawn. */
export const notificationTexts: Record<Language, typeof en> = { en, ko };
