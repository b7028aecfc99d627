import type { Language } from './words.ts';

const days = 40;

const scenes: Record<Language, readonly ((day: number) => string)[]> = {
  en: [
    (day) =>
      `On day ${day} the lighthouse keeper counted the ships and wrote the number into a book that nobody read.`,
    (day) => `On day ${day} a fog came in, and the lamp burned as if it had been asked a question.`,
    (day) => `On day ${day} a gull landed on the railing, looked at the sea, and left without a word.`,
    (day) =>
      `On day ${day} the keeper oiled the clockwork, because a light that turns is a light that is trusted.`,
  ],
  ko: [
    (day) => `${day}일째 되는 날, 등대지기는 지나가는 배를 세어 아무도 읽지 않는 공책에 적었습니다.`,
    (day) => `${day}일째 되는 날, 안개가 밀려왔고 등불은 누가 물어보기라도 한 듯 더 밝게 탔습니다.`,
    (day) => `${day}일째 되는 날, 갈매기 한 마리가 난간에 앉아 바다를 보다가 말없이 떠났습니다.`,
    (day) =>
      `${day}일째 되는 날, 등대지기는 태엽에 기름을 쳤습니다. 쉬지 않고 도는 빛이라야 믿을 수 있으니까요.`,
  ],
};

const opening = {
  en: 'A long story, told by a scripted demonstration so that you can try the Stop button.',
  ko: '중지 버튼을 눌러 보실 수 있도록 데모 모델이 들려드리는 긴 이야기입니다.',
};

/** A story of some 700 words: long enough to be stopped. */
export function longStory(language: Language): string {
  const lines = Array.from({ length: days }, (_, n) =>
    scenes[language][n % scenes[language].length]?.(n + 1),
  );
  return [opening[language], ...lines].join('\n\n');
}
