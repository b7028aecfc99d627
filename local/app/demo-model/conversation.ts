/** An OpenAI-style chat request, as far as the demonstration reads it. */
export interface ChatRequest {
  readonly model: string;
  readonly stream?: boolean;
  readonly messages: readonly ChatMessage[];
  readonly tools?: readonly { readonly function: { readonly name: string } }[];
}

export interface ChatMessage {
  readonly role: string;
  readonly content?: unknown;
  readonly tool_calls?: readonly {
    readonly id: string;
    readonly function: { readonly name: string; readonly arguments: string };
  }[];
  readonly tool_call_id?: string;
}

/** One use of a tool within the present turn, with what it gave. */
export interface ToolUse {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly result: string;
}

/** What the demonstration knows of a conversation: nothing but what this request holds. */
export interface Conversation {
  readonly system: string;
  /** What the person wrote, oldest first, without what OpenClaw adds around it. */
  readonly asked: readonly string[];
  /** Pictures in the last thing that the person wrote. */
  readonly pictures: number;
  /** Tools used since the last thing that the person wrote. */
  readonly used: readonly ToolUse[];
  readonly offered: ReadonlySet<string>;
}

export function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part) => String((part as { text?: unknown }).text ?? '')).join('\n');
}

const picturesIn = (content: unknown): number =>
  Array.isArray(content)
    ? content.filter((part) => (part as { type?: unknown }).type === 'image_url').length
    : 0;

/** OpenClaw speaks in the user's role too: about the state of its tools, not for the person. */
const isFromOpenclaw = (text: string) => text.trimStart().startsWith('<<<BEGIN_OPENCLAW_INTERNAL');

/** How OpenClaw sends a message again after the model failed: the message stands between these two. */
const sentAgain =
  /^\[Queued user message from a previous active turn;[^\]]*\]\n([\s\S]*?)\n\nContinue the current task from the existing transcript/;

/** Takes away the time before a message, the line on the runtime after it, and what a second try adds. */
function plain(text: string): string {
  const [said = ''] = text.replace(/^\[[A-Z][a-z]{2} \d{4}-\d\d-\d\d [^\]]*\] /, '').split('\n\nRuntime: ');
  return (sentAgain.exec(said)?.[1] ?? said).trim();
}

export function readConversation(request: ChatRequest): Conversation {
  const asked: string[] = [];
  let used: ToolUse[] = [];
  let pictures = 0;
  const calls = new Map<string, { name: string; arguments: Record<string, unknown> }>();
  for (const message of request.messages) {
    const text = textOf(message.content);
    if (message.role === 'user' && !isFromOpenclaw(text)) {
      asked.push(plain(text));
      pictures = picturesIn(message.content);
      used = [];
    }
    for (const call of message.tool_calls ?? []) {
      calls.set(call.id, {
        name: call.function.name,
        arguments: JSON.parse(call.function.arguments || '{}'),
      });
    }
    const call =
      message.role === 'tool' && message.tool_call_id ? calls.get(message.tool_call_id) : undefined;
    if (call) used.push({ ...call, result: text });
  }
  return {
    system: request.messages
      .filter(({ role }) => role === 'system' || role === 'developer')
      .map(({ content }) => textOf(content))
      .join('\n'),
    asked,
    pictures,
    used,
    offered: new Set((request.tools ?? []).map((tool) => tool.function.name)),
  };
}
