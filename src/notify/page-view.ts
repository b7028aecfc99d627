/** What a person can see of this page. */
export interface PageView {
  isVisible(): boolean;
  /** The conversation that is open in it. */
  conversation(): string | null;
  /** Tells when either may have changed. Gives a way to stop. */
  watch(changed: () => void): () => void;
}

/** This window. Its addresses: `shell/app.tsx`. */
export const ownPage: PageView = {
  isVisible: () => document.visibilityState === 'visible',
  conversation: () => /^#\/c\/([^/]+)/.exec(location.hash)?.[1] ?? null,
  watch: (changed) => {
    document.addEventListener('visibilitychange', changed);
    window.addEventListener('hashchange', changed);
    return () => {
      document.removeEventListener('visibilitychange', changed);
      window.removeEventListener('hashchange', changed);
    };
  },
};
