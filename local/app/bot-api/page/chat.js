// The stand-in's chat: what a Telegram app would show of the bot.
const texts = {
  en: {
    title: 'Telegram, on this machine',
    about: 'A stand-in for Telegram on this machine. Nothing leaves it.',
    message: 'Message',
    send: 'Send',
    start: 'Start',
    stop: 'Stop',
    typing: 'is typing…',
    file: 'File',
    other: '한국어',
  },
  ko: {
    title: '이 컴퓨터의 텔레그램',
    about: '이 컴퓨터에서 텔레그램을 대신합니다. 아무것도 밖으로 나가지 않습니다.',
    message: '메시지',
    send: '보내기',
    start: '시작',
    stop: '중지',
    typing: '입력 중…',
    file: '파일',
    other: 'English',
  },
};
const tags = {
  bold: 'strong',
  italic: 'em',
  strikethrough: 's',
  blockquote: 'blockquote',
  code: 'code',
  pre: 'pre',
  text_link: 'a',
};

const asked = new URLSearchParams(location.search);
let language = (asked.get('lang') ?? navigator.language).startsWith('ko') ? 'ko' : 'en';
let code = asked.get('start');
let state = { bot: '', messages: [], draft: null, typingUntil: 0, toast: '', toasts: 0 };
let seenToasts;
let timer;
const find = (id) => document.querySelector(id);

function act(what) {
  return fetch('/chat/do', { method: 'POST', body: JSON.stringify({ ...what, language }) });
}

/** A text with its entities as elements; entities lie inside each other or apart. */
function formatted(text, entities, from = 0, to = text.length) {
  const parts = document.createDocumentFragment();
  const inside = entities.filter((each) => each.offset >= from && each.offset + each.length <= to);
  const outermost = inside.filter(
    (each, at) =>
      !inside.some(
        (other, place) =>
          other !== each &&
          other.offset <= each.offset &&
          other.offset + other.length >= each.offset + each.length &&
          (other.length > each.length || place < at),
      ),
  );
  let at = from;
  for (const each of outermost.sort((a, b) => a.offset - b.offset)) {
    parts.append(text.slice(at, each.offset));
    const made = document.createElement(tags[each.type] ?? 'span');
    if (each.type === 'text_link' && /^https?:/.test(each.url)) {
      made.href = each.url;
      made.rel = 'noopener noreferrer';
      made.target = '_blank';
    }
    const rest = inside.filter((other) => other !== each);
    at = each.offset + each.length;
    made.append(formatted(text, rest, each.offset, at));
    parts.append(made);
  }
  parts.append(text.slice(at, to));
  return parts;
}

function button(label, onClick) {
  const made = document.createElement('button');
  made.type = 'button';
  made.textContent = label;
  made.addEventListener('click', onClick);
  return made;
}

function bubble(className, content) {
  const item = document.createElement('li');
  if (className) item.className = className;
  const made = document.createElement('div');
  made.className = 'bubble';
  made.append(content);
  item.append(made);
  return item;
}

function shown(message) {
  const content = document.createDocumentFragment();
  if (message.file) content.append(`📄 ${texts[language].file}: ${message.file}`);
  content.append(formatted(message.text, message.entities));
  const item = bubble(message.isOwn ? 'own' : '', content);
  if (message.buttons.length > 0) {
    const row = document.createElement('div');
    row.className = 'buttons';
    for (const label of message.buttons)
      row.append(button(label, () => act({ do: 'press', message: message.id, label })));
    item.append(row);
  }
  return item;
}

function show() {
  const main = find('main');
  const follows = main.scrollHeight - main.scrollTop - main.clientHeight < 80;
  document.documentElement.lang = language;
  document.title = texts[language].title;
  for (const each of document.querySelectorAll('[data-text]'))
    each.textContent = texts[language][each.dataset.text];
  find('#text').placeholder = texts[language].message;
  find('#language').textContent = texts[language].other;
  find('#language').lang = language === 'ko' ? 'en' : 'ko';
  find('#bot').textContent = state.bot;
  find('#start').hidden = !code && state.messages.length > 0;
  const items = state.messages.map(shown);
  if (state.draft) {
    const item = bubble('draft', formatted(state.draft.text, state.draft.entities));
    if (state.draft.canStop) item.append(button(`⏹ ${texts[language].stop}`, () => act({ do: 'stop' })));
    items.push(item);
  } else if (state.typingUntil > Date.now() && state.messages.at(-1)?.isOwn) {
    items.push(bubble('draft', `${state.bot} ${texts[language].typing}`));
    clearTimeout(timer);
    timer = setTimeout(show, state.typingUntil - Date.now());
  }
  find('#messages').replaceChildren(...items);
  if (seenToasts !== undefined && state.toasts > seenToasts) {
    find('#toast').textContent = state.toast;
    setTimeout(() => (find('#toast').textContent = ''), 4000);
  }
  seenToasts = state.toasts;
  if (follows) main.scrollTop = main.scrollHeight;
}

function say() {
  const text = find('#text').value.trim();
  if (text === '') return;
  find('#text').value = '';
  act({ do: 'say', text });
}

find('#start').addEventListener('click', () => {
  act({ do: 'say', text: code ? `/start ${code}` : '/start' });
  code = null;
  history.replaceState(null, '', location.pathname);
  show();
});
find('#form').addEventListener('submit', (event) => {
  event.preventDefault();
  say();
});
find('#text').addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  say();
});
find('#language').addEventListener('click', () => {
  language = language === 'ko' ? 'en' : 'ko';
  show();
});
new EventSource('/chat/events').addEventListener('message', ({ data }) => {
  state = JSON.parse(data);
  show();
});
show();
