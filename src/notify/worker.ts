/** The service worker that shows notifications; none while it is not there yet, or never comes. */
export const worker = async (): Promise<ServiceWorkerRegistration | undefined> =>
  'serviceWorker' in navigator ? navigator.serviceWorker.getRegistration() : undefined;

/** Ends what the browser's push service takes for this app, whoever began it. The backend learns of it with the next push. */
export async function unsubscribe(): Promise<void> {
  await (await (await worker())?.pushManager?.getSubscription())?.unsubscribe();
}

/** Nobody is signed in: nothing comes here any more, and nothing of what came stays to be seen. */
export async function forgetNotifications(): Promise<void> {
  await unsubscribe();
  for (const each of (await (await worker())?.getNotifications()) ?? []) each.close();
}

/** Takes away what tells of a conversation that is being looked at. */
export async function closeNotifications(conversationId: string): Promise<void> {
  for (const each of (await (await worker())?.getNotifications()) ?? []) {
    if (each.data?.conversationId === conversationId) each.close();
  }
}

/** A notification was clicked: its conversation is opened here. Gives a way to stop. */
export function followClicks(): () => void {
  if (!('serviceWorker' in navigator)) return () => {};
  const open = ({ data }: MessageEvent) => {
    if (data?.kind === 'open' && String(data.address).startsWith('#/c/')) location.hash = data.address;
  };
  navigator.serviceWorker.addEventListener('message', open);
  return () => navigator.serviceWorker.removeEventListener('message', open);
}
