import { createContext } from 'react';

/** Opens the sidebar where it is a drawer; null where it always stands. */
export const DrawerContext = createContext<(() => void) | null>(null);
