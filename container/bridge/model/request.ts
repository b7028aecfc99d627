import type { ModelFormat } from './format/format.ts';
import { isObject, type Json, textBytes } from './tokens.ts';

/** What a call asks for. */
export interface ModelRequest {
  readonly model: string;
  readonly stream: boolean;
  /** As it goes out: what OpenClaw sent, with a limit of the answer where it named none. */
  readonly body: Buffer;
  /** The most that it can use: tokens. */
  readonly most: { readonly input: number; readonly output: number };
  /** Bytes of its text. */
  readonly bytes: number;
}

/** An image takes fewer tokens than this, in every format that is passed on. */
const imageTokens = 8_000;
/** A document may take as many as there is room for. */
const documentTokens = 1_000_000;
/** Longest answer of a call that names no limit, tokens. */
export const defaultAnswerTokens = 8_192;

/**
 * What would be billed by other rates than a model's tokens, or go to another model: faster service, tools that the
 * provider runs, OpenRouter's list of other models. A worst case could not be told for these.
 */
const otherwiseBilled = [
  'background',
  'fallbacks',
  'inference_geo',
  'mcp_servers',
  'models',
  'modalities',
  'plugins',
  'route',
  'speed',
  'transforms',
  'web_search_options',
] as const;
const plainTiers = ['auto', 'default', 'standard', 'standard_only'];

function billedOtherwise(body: Json): string | undefined {
  const named = otherwiseBilled.find((name) => body[name] !== undefined && body[name] !== null);
  if (named) return named;
  const tier = body.service_tier;
  if (tier !== undefined && tier !== null && !plainTiers.includes(String(tier))) return 'service_tier';
  const tools = Array.isArray(body.tools) ? body.tools : [];
  const ran = tools.find(
    (tool) => isObject(tool) && !/^(undefined|function|custom)$/.test(String(tool.type)),
  );
  return ran ? `the tool ${String(ran.type).slice(0, 40)}` : undefined;
}

/** What a part of a message is, where it is not text. */
const isImage = (value: Json): boolean => /image/.test(String(value.type));
const isDocument = (value: Json): boolean => /^(input_)?(document|file|audio|video)/.test(String(value.type));

interface Measure {
  bytes: number;
  images: number;
  documents: number;
}

/** Base64 of pictures is long and takes few tokens: within a picture it counts as a picture, not as text. */
function measure(value: unknown, inImage = false): Measure {
  if (typeof value === 'string') {
    return { bytes: inImage && isBase64(value) ? 0 : Buffer.byteLength(value), images: 0, documents: 0 };
  }
  if (!isObject(value)) return { bytes: 4, images: 0, documents: 0 };
  const image = inImage || (!Array.isArray(value) && isImage(value));
  const sum = {
    bytes: Array.isArray(value) ? 0 : textBytes(Object.keys(value)),
    images: image && !inImage ? 1 : 0,
    documents: !Array.isArray(value) && isDocument(value) ? 1 : 0,
  };
  for (const each of Object.values(value)) {
    const part = measure(each, image);
    // What separates parts is at most some tokens more.
    sum.bytes += part.bytes + 8;
    sum.images += part.images;
    sum.documents += part.documents;
  }
  return sum;
}

const isBase64 = (text: string): boolean =>
  /^(data:image\/[\w.+-]+;base64,)?[A-Za-z0-9+/]+={0,2}$/.test(text);

/**
 * Reads a call. Gives a text where it can't be passed on. The input's worst case is a token a byte: no tokenizer makes
 * more of them.
 */
export function readRequest(format: ModelFormat, raw: Buffer): ModelRequest | string {
  let body: unknown;
  try {
    body = JSON.parse(raw.toString());
  } catch {
    return 'no JSON with a model';
  }
  if (!isObject(body) || typeof body.model !== 'string') return 'no JSON with a model';
  const other = billedOtherwise(body);
  if (other) return `${other} is not passed on`;
  const asked = format.limits
    .map((name) => body[name])
    .filter((limit) => limit !== undefined && limit !== null);
  if (!asked.every((limit) => Number.isInteger(limit) && Number(limit) > 0))
    return 'a limit that is no number';
  const answers = body.n === undefined || body.n === null ? 1 : Number(body.n);
  if (!Number.isInteger(answers) || answers < 1) return 'n is no number';
  const limit = Math.max(...asked.map(Number), asked.length === 0 ? defaultAnswerTokens : 0);
  const { bytes, images, documents } = measure(body);
  return {
    model: body.model,
    stream: body.stream === true,
    body: asked.length === 0 ? Buffer.from(JSON.stringify({ ...body, [format.limits[0]]: limit })) : raw,
    most: { input: bytes + images * imageTokens + documents * documentTokens, output: limit * answers },
    bytes,
  };
}
