import { describe, expect, it } from 'vitest';
import { type ChatMessage, readConversation } from './conversation.ts';
import { nextStep, type Step } from './script.ts';

const tools = ['read', 'write', 'exec'].map((name) => ({ function: { name } }));
const system = '<skill><location>/pkg/skills/diagram-maker/SKILL.md</location></skill>';
const runtime = '\n\nRuntime: agent=main | session=x | model=y';

/** Answers tool calls from a table until the demonstration has nothing more to call. */
function play(messages: ChatMessage[], results: (step: Extract<Step, { kind: 'call' }>) => string) {
  const history: ChatMessage[] = [{ role: 'system', content: system }, ...messages];
  const calls: Extract<Step, { kind: 'call' }>[] = [];
  for (let n = 0; n < 10; n++) {
    const step = nextStep(readConversation({ model: 'm', messages: history, tools }));
    if (step.kind === 'say') return { calls, said: step.text };
    calls.push(step);
    const id = `call${n}`;
    history.push({
      role: 'assistant',
      content: step.text,
      tool_calls: [{ id, function: { name: step.tool, arguments: JSON.stringify(step.arguments) } }],
    });
    history.push({ role: 'tool', tool_call_id: id, content: results(step) });
    history.push({ role: 'user', content: '<<<BEGIN_OPENCLAW_INTERNAL_CONTEXT>>> state' });
  }
  throw new Error('it never came to an end');
}

const ask = (...texts: string[]): ChatMessage[] =>
  texts.flatMap((text, n) => [
    ...(n ? [{ role: 'assistant', content: 'ok' }] : []),
    { role: 'user', content: `[Mon 2026-11-23 21:40 UTC] ${text}${n ? '' : runtime}` },
  ]);

describe('the scripted demonstration', () => {
  it('says in the language of the question that it has no intelligence', () => {
    expect(play(ask('hello there'), () => '').said).toMatch(/scripted demonstration.*“hello there”/s);
    expect(play(ask('안녕하세요'), () => '').said).toMatch(/지능 없이.*“안녕하세요”/s);
  });

  it('answers what was said first from the history of the request, without what OpenClaw adds to it', () => {
    expect(play(ask('My dog is Bori.', 'what did I say first?'), () => '').said).toContain(
      '“My dog is Bori.”',
    );
    expect(play(ask('우리 개 이름은 보리야.', '내가 처음에 뭐라고 했지?'), () => '').said).toContain(
      '“우리 개 이름은 보리야.”',
    );
  });

  it('writes a file, reads it back and shows what the tool really gave', () => {
    const { calls, said } = play(ask('make a file'), ({ tool }) =>
      tool === 'read' ? 'content from disk' : 'ok',
    );
    expect(calls.map(({ tool }) => tool)).toEqual(['write', 'read']);
    expect(said).toContain('content from disk');
  });

  it('says so when a tool was denied, and does not claim to have succeeded', () => {
    const { said } = play(ask('도구 써 줘'), () => 'Exec denied (user-denied): uname -a');
    expect(said).toContain('Exec denied');
    expect(said).not.toContain('정말로 실행');
  });

  it('follows the skill: its instructions, the template they name, the file they ask for', () => {
    const { calls, said } = play(ask('use a skill'), ({ arguments: { path } }) => {
      if (String(path).endsWith('SKILL.md')) return 'Use `references/svg-template.md` as the wrapper.';
      if (String(path).endsWith('template.md')) return '```html\n<main><!-- SVG --></main>\n```';
      return 'done';
    });
    expect(calls.map(({ tool, arguments: { path } }) => `${tool} ${path}`)).toEqual([
      'read /pkg/skills/diagram-maker/SKILL.md',
      'read /pkg/skills/diagram-maker/references/svg-template.md',
      'write diagram.html',
      'read diagram.html',
    ]);
    expect(String(calls[2]?.arguments.content)).toMatch(/^<main><svg[\s\S]*<\/svg><\/main>/);
    expect(said).toContain('diagram.html');
  });

  it('tells a story long enough to be stopped', () => {
    expect(play(ask('tell me a long story'), () => '').said.split(/\s+/).length).toBeGreaterThan(500);
    expect(play(ask('긴 이야기 해 줘'), () => '').said.split(/\s+/).length).toBeGreaterThan(300);
  });
});
