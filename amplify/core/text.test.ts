import { expect, test } from 'vitest';
import { errorCodes } from './error.ts';
import { languages } from './language.ts';
import { faultText } from './text.ts';

test.each(languages)('every fault says what happened and what to do next (%s)', (language) => {
  for (const code of errorCodes) {
    const { happened, next } = faultText(code, language);
    expect(happened, code).toMatch(/[.]$/);
    expect(next, code).toMatch(/[.]$/);
  }
});

test('Korean faults are formal Korean sentences, as the page speaks', () => {
  for (const code of errorCodes) {
    const { happened, next } = faultText(code, 'ko');
    expect(happened, code).toMatch(/니다\.$/);
    expect(next, code).toMatch(/(니다|주세요)\.$/);
  }
});
