// The stand-in's chat: what a Telegram app would show of the bot.
import { choose, hasChosen, sendFiles, showChosen, takeChosen } from './attaching.js';
import { bubble, button, messageBubble, showItems } from './bubbles.js';
import { formatted } from './formatted.js';
import { texts } from './texts.js';

const asked = new URLSearchParams(location.search);
let language = (asked.get('lang') ?? navigator.language).startsWith('ko') ? 'ko' : 'en';
let code = asked.get('start');
let state = { bot: '', messages: [], draft: null, typingUntil: 0, toast: '', toasts: 0 };
let seenToasts;
let timer;
/** Bubbles by message, with what they were made of. */
let kept = new Map();
const find = (id) => document.querySelector(id);

function act(what) {
  return fetch('/chat/do', { method: 'POST', body: JSON.stringify({ ...what, language }) });
}

function toast(text) {
  find('#toast').textContent = text;
  if (text) setTimeout(() => find('#toast').textContent === text && toast(''), 6000);
}

function bubbles() {
  const press = (message, label) => act({ do: 'press', message, label });
  const made = state.messages.map((message) => {
    const as = JSON.stringify([message, language]);
    const before = kept.get(message.id);
    return [message.id, before?.as === as ? before : { as, item: messageBubble(message, language, press) }];
  });
  kept = new Map(made);
  return made.map(([, { item }]) => item);
}

function show() {
  const main = find('main');
  const follows = main.scrollHeight - main.scrollTop - main.clientHeight < 80;
  const say = texts[language];
  document.documentElement.lang = language;
  document.title = say.title;
  for (const each of document.querySelectorAll('[data-text]')) each.textContent = say[each.dataset.text];
  for (const each of document.querySelectorAll('[data-label]')) {
    each.setAttribute('aria-label', say[each.dataset.label]);
    if (each.matches('button')) each.title = say[each.dataset.label];
  }
  find('#text').placeholder = hasChosen() ? say.caption : say.message;
  find('#language').textContent = say.other;
  find('#language').lang = language === 'ko' ? 'en' : 'ko';
  find('#bot').textContent = state.bot;
  find('#start').hidden = !code && state.messages.length > 0;
  showChosen(find('#chosen'), language, show);
  const items = bubbles();
  if (state.draft) {
    const item = bubble('draft', formatted(state.draft.text, state.draft.entities));
    if (state.draft.canStop) item.append(button(`⏹ ${say.stop}`, () => act({ do: 'stop' })));
    items.push(item);
  } else if (state.typingUntil > Date.now() && state.messages.at(-1)?.isOwn) {
    items.push(bubble('draft', `${state.bot} ${say.typing}`));
    clearTimeout(timer);
    timer = setTimeout(show, state.typingUntil - Date.now());
  }
  showItems(find('#messages'), items);
  if (seenToasts !== undefined && state.toasts > seenToasts) toast(state.toast);
  seenToasts = state.toasts;
  if (follows) main.scrollTop = main.scrollHeight;
}

async function say() {
  const text = find('#text').value.trim();
  if (text === '' && !hasChosen()) return;
  find('#text').value = '';
  toast('');
  if (hasChosen()) {
    const sending = sendFiles(takeChosen(), text, language);
    show();
    toast(await sending);
  } else act({ do: 'say', text });
}

function choosing(way) {
  const input = find(`#${way}`);
  find(`#attach-${way}`).addEventListener('click', () => {
    find('#ways').hidePopover();
    input.click();
  });
  input.addEventListener('change', async () => {
    const files = [...input.files];
    input.value = '';
    // What is recorded goes at once.
    const sent =
      way === 'voice'
        ? sendFiles(
            files.map((file) => ({ way, file })),
            '',
            language,
          )
        : undefined;
    toast(await (sent ?? choose(way, files, language)));
    show();
    find('#text').focus();
  });
}
choosing('photo');
choosing('document');
choosing('voice');

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
// A picture that has come makes its bubble taller.
find('#messages').addEventListener('load', () => find('main').scrollTo(0, find('main').scrollHeight), true);
new EventSource('/chat/events').addEventListener('message', ({ data }) => {
  state = JSON.parse(data);
  show();
});
show();
