import { createContext } from 'react';

/** What a page does with the account behind it. */
export interface Account {
  /** Removes it. Throws when that did not work. */
  remove(): Promise<void>;
  /** Signs out for good, with a word that everything is being erased. */
  leave(): Promise<void>;
}

/** Null where there is no user pool behind the page. */
export const AccountContext = createContext<Account | null>(null);
