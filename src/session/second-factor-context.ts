import { createContext } from 'react';
import type { SecondFactor } from './second-factor.ts';

/** Null where there is no user pool behind the page. */
export const SecondFactorContext = createContext<SecondFactor | null>(null);
