export type Language = 'en' | 'ko';

export const languageOf = (text: string): Language => (/[가-힣ㄱ-ㅎ]/.test(text) ? 'ko' : 'en');

/** What the demonstration says. It never pretends to understand. */
export const words = {
  en: {
    plain: (asked: string, count: number) =>
      `I am a scripted demonstration, not an intelligent model: I answer from a fixed list. Everything around me is real, the agent OpenClaw included.\n\n` +
      `You wrote: “${asked}”. That is message ${count} of this conversation.\n\n` +
      `Things to try:\n- **what did I say first?** shows that the conversation is remembered\n- **make a file** writes and reads a file\n- **send me a file** hands one over to you\n` +
      `- **use a tool** runs a command\n- **use a skill** follows one of OpenClaw's skills\n- **tell me a long story** gives you time to press Stop`,
    first: (first: string) =>
      `The first thing you wrote in this conversation was: “${first}”. (I only look it up: I am a scripted demonstration.)`,
    nothingBefore: 'This is the first thing you wrote in this conversation. (I am a scripted demonstration.)',
    thinking: (asked: string) =>
      `The person wrote “${asked}”.\n\nThat asks me to think. I can't: I am a scripted demonstration. But this text takes the way of a real model's thoughts.`,
    thought: 'I have thought about it. (I am a scripted demonstration: my thoughts come from a fixed list.)',
    fileBefore: 'I will write a file and read it back.',
    fileText: (asked: string) => `A note from the scripted demonstration.\nYou asked: ${asked}\n`,
    fileAfter: (path: string, content: string) =>
      `I wrote \`${path}\` and read it back. It says:\n\n> ${content.trim().replaceAll('\n', '\n> ')}\n\n(I am a scripted demonstration, but the file is real.)`,
    sendBefore: 'I will write a file for you.',
    sendAfter: (path: string) =>
      `Here is \`${path}\`. (I am a scripted demonstration, but the file is real.)`,
    nothingAttached: 'Nothing is attached to your message. (I am a scripted demonstration.)',
    attached: (files: number, pictures: number, first: string) =>
      `You attached ${files} file(s), ${pictures} of them as pictures that I was shown. The first one begins:\n\n> ${first.replaceAll('\n', '\n> ')}\n\nI send everything back to you. (I am a scripted demonstration, but the files are real.)`,
    toolBefore: 'I will run a command.',
    toolAfter: (output: string) =>
      `The command answered:\n\n\`\`\`\n${output.trim()}\n\`\`\`\n\n(I am a scripted demonstration, but the command really ran.)`,
    skillBefore: 'I will read the skill `diagram-maker` and do what it says.',
    skillAfter: (path: string) =>
      `I followed the skill \`diagram-maker\`: I took its template, drew how a message travels, and saved the diagram as \`${path}\`.\n\n(I am a scripted demonstration, but the skill and the file are real.)`,
    skillMissing: 'The skill `diagram-maker` is not among those that I was told about.',
    noTool: (name: string) => `The tool \`${name}\` was not offered to me.`,
    refusedTool: (result: string) =>
      `That did not work. I was told:\n\n\`\`\`\n${result.trim().slice(0, 600)}\n\`\`\``,
    diagram: ['You', 'The app', 'Your agent', 'The model'],
  },
  ko: {
    plain: (asked: string, count: number) =>
      `저는 지능 없이 미리 짜 둔 대본대로 답하는 데모 모델입니다. 저를 뺀 나머지는 에이전트 OpenClaw까지 모두 진짜입니다.\n\n` +
      `방금 쓰신 말은 “${asked}”이고, 이 대화의 ${count}번째 메시지입니다.\n\n` +
      `이렇게 해 보세요.\n- **내가 처음에 뭐라고 했지?** 대화를 기억하는지 보여 줍니다\n- **파일 만들어 줘** 파일을 쓰고 읽습니다\n- **파일 보내 줘** 파일을 건네 드립니다\n` +
      `- **도구 써 줘** 명령을 실행합니다\n- **스킬 써 줘** OpenClaw의 스킬 하나를 따라 합니다\n- **긴 이야기 해 줘** 중지 버튼을 눌러 볼 시간을 드립니다`,
    first: (first: string) =>
      `이 대화에서 처음 하신 말은 “${first}”입니다. (저는 대본대로 찾아 드릴 뿐인 데모 모델입니다.)`,
    nothingBefore: '이 대화에서 처음 하신 말이 바로 이 말입니다. (저는 대본대로 답하는 데모 모델입니다.)',
    thinking: (asked: string) =>
      `“${asked}”라는 메시지가 왔습니다.\n\n생각해 달라는 요청입니다. 저는 대본대로 답하는 데모 모델이라 생각하지 못합니다. 그래도 이 글은 실제 모델의 생각과 같은 길로 전달됩니다.`,
    thought: '생각해 보았습니다. (저는 데모 모델이라 생각도 미리 정해진 글에서 나옵니다.)',
    fileBefore: '파일을 쓰고 다시 읽어 보겠습니다.',
    fileText: (asked: string) => `데모 모델이 남긴 쪽지입니다.\n부탁하신 말: ${asked}\n`,
    fileAfter: (path: string, content: string) =>
      `\`${path}\` 파일을 쓰고 다시 읽었습니다. 내용은 이렇습니다.\n\n> ${content.trim().replaceAll('\n', '\n> ')}\n\n(저는 대본대로 답하는 데모 모델이지만, 파일은 진짜입니다.)`,
    sendBefore: '파일을 하나 만들어 드리겠습니다.',
    sendAfter: (path: string) =>
      `\`${path}\` 파일입니다. (저는 대본대로 답하는 데모 모델이지만, 파일은 진짜입니다.)`,
    nothingAttached: '메시지에 첨부된 파일이 없습니다. (저는 대본대로 답하는 데모 모델입니다.)',
    attached: (files: number, pictures: number, first: string) =>
      `파일 ${files}개를 첨부하셨고, 그중 ${pictures}개는 그림으로 받아 보았습니다. 첫 번째 파일은 이렇게 시작합니다.\n\n> ${first.replaceAll('\n', '\n> ')}\n\n모두 돌려 드립니다. (저는 대본대로 답하는 데모 모델이지만, 파일은 진짜입니다.)`,
    toolBefore: '명령을 하나 실행해 보겠습니다.',
    toolAfter: (output: string) =>
      `명령의 결과입니다.\n\n\`\`\`\n${output.trim()}\n\`\`\`\n\n(저는 대본대로 답하는 데모 모델이지만, 명령은 정말로 실행되었습니다.)`,
    skillBefore: '`diagram-maker` 스킬을 읽고 그대로 해 보겠습니다.',
    skillAfter: (path: string) =>
      `\`diagram-maker\` 스킬을 따랐습니다. 스킬의 템플릿에 메시지가 오가는 길을 그려 \`${path}\` 파일로 저장했습니다.\n\n(저는 대본대로 답하는 데모 모델이지만, 스킬과 파일은 진짜입니다.)`,
    skillMissing: '사용할 수 있는 스킬 가운데 `diagram-maker` 스킬이 없습니다.',
    noTool: (name: string) => `\`${name}\` 도구를 사용할 수 없습니다.`,
    refusedTool: (result: string) =>
      `실행하지 못했습니다. 받은 결과는 이렇습니다.\n\n\`\`\`\n${result.trim().slice(0, 600)}\n\`\`\``,
    diagram: ['나', '앱', '내 에이전트', '모델'],
  },
} as const;
