/** Said in place of what somebody spoke: nobody shall take it for an understanding. */
const words =
  'This is a stand-in transcript: the scripted demonstration can’t hear. (데모 모델은 음성을 듣지 못해 이 글로 대신합니다.)';

/** Answers a recording as OpenAI's API does; undefined for what is no form with a model and a file that holds something. */
export async function standInTranscript(
  type: string,
  body: Buffer<ArrayBuffer>,
): Promise<{ text: string; usage: object } | undefined> {
  const form = await new Response(body, { headers: { 'content-type': type } })
    .formData()
    .catch(() => undefined);
  const file = form?.get('file');
  if (!form?.get('model') || !(file instanceof File) || file.size === 0) return undefined;
  const tokens = { input_tokens: Math.ceil(file.size / 200), output_tokens: Math.ceil(words.length / 4) };
  return { text: words, usage: { type: 'tokens', ...tokens } };
}
