import { createContext } from 'react';
import type { SecondFactor } from './second-factor.ts';

/** Null where there is no user pool behind the page. `email`: whose it is, for the app to show. */
export const SecondFactorContext = createContext<{ factor: SecondFactor; email: string | null } | null>(null);
