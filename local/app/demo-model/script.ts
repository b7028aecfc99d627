import { posix } from 'node:path';
import type { Conversation, ToolUse } from './conversation.ts';
import { longStory } from './story.ts';
import { type Language, languageOf, words } from './words.ts';

/** What the demonstration does next in a turn. */
export type Step =
  | {
      readonly kind: 'say';
      readonly text: string;
      /** Shown before it, as models do that show what they think. */
      readonly thinking?: string;
    }
  | {
      readonly kind: 'call';
      readonly text: string;
      readonly tool: string;
      readonly arguments: Readonly<Record<string, unknown>>;
    };

const notePath = 'demo-note.txt';
const diagramPath = 'diagram.html';
/** One plain command: with approvals on, OpenClaw refuses commands that it cannot bind to one program. */
const command = 'uname -a';

const requests = [
  { pattern: /what did i (say|write) first|처음에? 뭐라고/i, step: recall },
  { pattern: /send it back|돌려.{0,4}(줘|주)/i, step: sendBack },
  { pattern: /send (me )?a file|파일.{0,8}보내/i, step: sendFile },
  { pattern: /(make|write|create) (me )?a file|파일.{0,8}(만들|써|작성)/i, step: makeFile },
  { pattern: /use (a|the) skill|스킬.{0,4}(써|사용)/i, step: useSkill },
  { pattern: /use (a|the) tool|run a command|(도구|명령).{0,4}(써|사용|실행)/i, step: useTool },
  { pattern: /think (about it|first)|생각.{0,4}(해|하고)/i, step: think },
  {
    pattern: /long story|긴 (이야기|얘기)/i,
    step: (_: Conversation, language: Language) => say(longStory(language)),
  },
] as const;

/** The script: the same conversation always gets the same step. */
export function nextStep(conversation: Conversation): Step {
  const asked = conversation.asked.at(-1) ?? '';
  // Names of files are in whatever language they are, and the stand-in transcript is in both.
  const language = languageOf(asked.split(/(?:^|\n\n)\[Attached files/)[0] ?? '');
  const known = requests.find(({ pattern }) => pattern.test(asked));
  if (known) return known.step(conversation, language);
  return say(
    words[language].plain(asked.length > 300 ? `${asked.slice(0, 300)}…` : asked, conversation.asked.length),
  );
}

const say = (text: string): Step => ({ kind: 'say', text });

function call(
  conversation: Conversation,
  language: Language,
  text: string,
  tool: string,
  args: Record<string, unknown>,
): Step {
  if (!conversation.offered.has(tool)) return say(words[language].noTool(tool));
  return { kind: 'call', text, tool, arguments: args };
}

const worked = ({ result }: ToolUse) =>
  !/denied|not allowed|refused|"status": ?"error"|^error/i.test(result.slice(0, 200));

/** Its thoughts are seen where a level of thinking is set. */
function think({ asked }: Conversation, language: Language): Step {
  const text = words[language];
  return { kind: 'say', text: text.thought, thinking: text.thinking(asked.at(-1) ?? '') };
}

function recall({ asked }: Conversation, language: Language): Step {
  const [first] = asked;
  if (first === undefined || asked.length < 2) return say(words[language].nothingBefore);
  return say(words[language].first(first));
}

function makeFile(conversation: Conversation, language: Language): Step {
  const [written, read] = conversation.used;
  const text = words[language];
  const content = text.fileText(conversation.asked.at(-1) ?? '');
  if (!written) return call(conversation, language, text.fileBefore, 'write', { path: notePath, content });
  if (!worked(written)) return say(text.refusedTool(written.result));
  if (!read) return call(conversation, language, '', 'read', { path: notePath });
  return say(worked(read) ? text.fileAfter(notePath, read.result) : text.refusedTool(read.result));
}

/** Hands a file over as OpenClaw tells models to: its path in a line of its own. */
function sendFile(conversation: Conversation, language: Language): Step {
  const [written] = conversation.used;
  const text = words[language];
  const content = text.fileText(conversation.asked.at(-1) ?? '');
  if (!written) return call(conversation, language, text.sendBefore, 'write', { path: notePath, content });
  if (!worked(written)) return say(text.refusedTool(written.result));
  return say(`${text.sendAfter(notePath)}\n\nMEDIA:./${notePath}`);
}

/** Hands back what came with the message: reads the first file where it can be read, and names them all. */
function sendBack(conversation: Conversation, language: Language): Step {
  const text = words[language];
  const paths = [...(conversation.asked.at(-1) ?? '').matchAll(/^- (inbox\/\S+) \(/gm)].map(
    ([, path = '']) => path,
  );
  const [first] = paths;
  const [read] = conversation.used;
  if (first === undefined) return say(text.nothingAttached);
  if (!read) return call(conversation, language, '', 'read', { path: first });
  const lines = paths.map((path) => `MEDIA:./${path}`).join('\n');
  const shown = read.result.trim().slice(0, 200);
  return say(`${text.attached(paths.length, conversation.pictures, shown)}\n\n${lines}`);
}

function useTool(conversation: Conversation, language: Language): Step {
  const [ran] = conversation.used;
  const text = words[language];
  if (!ran) return call(conversation, language, text.toolBefore, 'exec', { command });
  return say(worked(ran) ? text.toolAfter(ran.result) : text.refusedTool(ran.result));
}

/** Follows the skill's own words: its template with an SVG in place of the mark, saved as ./diagram.html, then read back. */
function useSkill(conversation: Conversation, language: Language): Step {
  const text = words[language];
  const skill = /<location>([^<]*\/diagram-maker\/SKILL\.md)<\/location>/.exec(conversation.system)?.[1];
  if (!skill) return say(text.skillMissing);
  const [instructions, template, written, read] = conversation.used;
  if (!instructions) return call(conversation, language, text.skillBefore, 'read', { path: skill });
  if (!worked(instructions)) return say(text.refusedTool(instructions.result));
  const templatePath = /`(references\/[\w-]*template\.md)`/.exec(instructions.result)?.[1];
  if (!templatePath) return say(text.refusedTool(instructions.result));
  if (!template) {
    return call(conversation, language, '', 'read', { path: posix.join(posix.dirname(skill), templatePath) });
  }
  const html = /```html\n([\s\S]*?)```/.exec(template.result)?.[1] ?? template.result;
  if (!html.includes('<!-- SVG -->')) return say(text.refusedTool(template.result));
  const content = html.replace('<!-- SVG -->', diagram(text.diagram));
  if (!written) return call(conversation, language, '', 'write', { path: diagramPath, content });
  if (!worked(written)) return say(text.refusedTool(written.result));
  if (!read) return call(conversation, language, '', 'read', { path: diagramPath });
  return say(text.skillAfter(diagramPath));
}

/** Boxes in a row with arrows behind them, as the skill's rules want. */
function diagram(labels: readonly string[]): string {
  const width = 180;
  const gap = 60;
  const x = (index: number) => 30 + index * (width + gap);
  const arrows = labels
    .slice(1)
    .map(
      (_, index) =>
        `<path d="M${x(index) + width} 70 H${x(index + 1) - 8}" fill="none" stroke="#475569" stroke-width="2" marker-end="url(#arrow)"/>`,
    );
  const boxes = labels.map(
    (label, index) =>
      `<rect x="${x(index)}" y="40" width="${width}" height="60" rx="8" fill="#e0f2fe" stroke="#0369a1"/><text x="${x(index) + width / 2}" y="76" text-anchor="middle" font-family="sans-serif" font-size="16">${label}</text>`,
  );
  return [
    `<svg viewBox="0 0 ${x(labels.length) - gap + 30} 140" xmlns="http://www.w3.org/2000/svg" role="img">`,
    '<defs><marker id="arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 L10 5 L0 10 z" fill="#475569"/></marker></defs>',
    ...arrows,
    ...boxes,
    '</svg>',
  ].join('\n');
}
