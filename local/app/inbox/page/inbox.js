// The inbox page: what the deployed app would mail, new ones as they come.
const texts = {
  en: {
    title: 'Inbox',
    about: 'Mails that the deployed app would send. Here they stay on this machine.',
    empty: 'No mail yet. Sign up in the app: the code appears here.',
    copy: 'Copy',
    copied: 'Copied',
    other: '한국어',
  },
  ko: {
    title: '받은 메일',
    about: '배포된 앱이 보낼 메일이 이 컴퓨터에만 모입니다.',
    empty: '아직 메일이 없습니다. 앱에서 가입하면 확인 코드가 여기에 표시됩니다.',
    copy: '복사',
    copied: '복사됨',
    other: 'English',
  },
};

const list = document.querySelector('#mails');
const toggle = document.querySelector('#language');
const asked = new URLSearchParams(location.search).get('lang') ?? navigator.language;
let language = asked.startsWith('ko') ? 'ko' : 'en';
let mails = [];

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

function copyButton(code) {
  const button = element('button', '', texts[language].copy);
  button.type = 'button';
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(code);
    button.textContent = texts[language].copied;
  });
  return button;
}

function card(mail) {
  const item = element('li');
  const meta = element('div', 'meta');
  const time = element('time', '', new Date(mail.at).toLocaleString(language));
  time.dateTime = mail.at;
  meta.append(element('span', '', mail.to), time);
  item.append(meta, element('h2', '', mail.subject));
  if (mail.code) {
    const code = element('div', 'code');
    code.append(element('span', '', mail.code), copyButton(mail.code));
    item.append(code);
  }
  item.append(element('p', 'text', mail.text));
  return item;
}

function show() {
  document.documentElement.lang = language;
  document.title = texts[language].title;
  for (const each of document.querySelectorAll('[data-text]'))
    each.textContent = texts[language][each.dataset.text];
  toggle.textContent = texts[language].other;
  toggle.lang = language === 'ko' ? 'en' : 'ko';
  document.querySelector('#empty').hidden = mails.length > 0;
  list.replaceChildren(...mails.map(card));
}

async function read() {
  mails = await (await fetch('/inbox/mails.json')).json();
  show();
}

toggle.addEventListener('click', () => {
  language = language === 'ko' ? 'en' : 'ko';
  show();
});
const events = new EventSource('/inbox/events');
// Also after a reconnect: what came meanwhile is read then.
events.addEventListener('open', read);
events.addEventListener('message', ({ data }) => {
  mails = [JSON.parse(data), ...mails];
  document.querySelector('#empty').hidden = true;
  list.prepend(card(mails[0]));
});
show();
