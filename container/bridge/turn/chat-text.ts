/** The whole text so far of a chat message of the gateway. */
export function textOf(message: { content?: unknown } | undefined): string | undefined {
  if (!Array.isArray(message?.content)) return undefined;
  return (message.content as { type: string; text?: string }[])
    .filter((part) => part.type === 'text')
    .map((part) => part.text ?? '')
    .join('\n\n');
}
