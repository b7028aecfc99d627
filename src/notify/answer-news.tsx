import { useEffect } from 'react';
import { newsKey, waitingApproval } from '../../amplify/core/news.ts';
import { notificationText } from '../../amplify/core/notification.ts';
import { usePreferences } from '../i18n/preferences.tsx';
import { useNotify } from '../shell/notices.tsx';
import { useWorkspace } from '../shell/workspace-context.tsx';
import { readChoice, readPermission, tellWorker } from './device.ts';
import { notificationTexts } from './notification-texts.ts';
import { useUnseen } from './use-unseen.ts';

/** How long a link to an answer elsewhere stands, ms. */
const shownFor = 12_000;

/** Tells of answers, and of commands that wait for a word, that came while nobody looked: at the page's edge, or by the system while the page is hidden. */
export function AnswerNews() {
  const { t, language } = usePreferences();
  const { api, attention, sync, local } = useWorkspace();
  const notify = useNotify();
  const unseen = useUnseen();
  useEffect(
    () =>
      attention.listen((message) => {
        const { conversationId, id } = message;
        const texts = notificationTexts[language];
        const title = sync.chat.get().conversations.byId.get(conversationId)?.value.title ?? '';
        if (document.visibilityState === 'visible') {
          const name = title || t.conversations.untitled;
          const kind = waitingApproval(message)
            ? 'asks'
            : message.status === 'answered'
              ? 'answered'
              : 'failed';
          notify('info', texts.news[kind](name), {
            label: texts.open,
            href: `/c/${conversationId}/${id}`,
            forMs: shownFor,
          });
          return;
        }
        const { isOn, showsText } = readChoice(local);
        if (!isOn || readPermission() !== 'granted') return;
        const text = notificationText(message, { language, showsText, title });
        void tellWorker({ ...text, key: newsKey(message), language, conversationId, messageId: id });
      }),
    [attention, sync, local, notify, t, language],
  );
  useEffect(() => {
    import('./push.ts').then(({ keepPush }) => keepPush(api, local, language)).catch(console.warn);
  }, [api, local, language]);
  // On an app that was installed; elsewhere the browser knows no badge.
  useEffect(() => void navigator.setAppBadge?.(unseen).catch(() => {}), [unseen]);
  return null;
}
