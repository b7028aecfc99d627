/** The languages that people are spoken to in. */
export const languages = ['en', 'ko'] as const;
export type Language = (typeof languages)[number];
