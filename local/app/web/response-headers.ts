import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

const schema = z.object({
  customHeaders: z.array(
    z.object({
      pattern: z.string(),
      headers: z.array(z.object({ key: z.string(), value: z.string() })),
    }),
  ),
});

interface Rule {
  readonly matches: RegExp;
  readonly headers: readonly (readonly [string, string])[];
}

/** Amplify Hosting's patterns: `*` within one part of a path, `**` across parts. */
function patternOf(text: string): RegExp {
  const parts = text.split(/(\*\*|\*)/).map((part) => {
    if (part === '**') return '.*';
    return part === '*' ? '[^/]*' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${text.startsWith('/') || text.startsWith('**') ? '' : '/'}${parts.join('')}$`);
}

/** Headers that mean nothing, or harm, on plain HTTP. */
const onlyDeployed = new Set(['strict-transport-security']);

/**
 * The headers that Amplify Hosting would send for a path by `customHttp.yml`, for serving it on this machine: the page
 * may connect to the local cloud (`endpoint`, http and its web sockets) in place of AWS, nothing else differs.
 * Of two rules for one header the later counts. Throws when the file isn't understood.
 */
export function responseHeaders(
  file: string,
  endpoint: string,
): (path: string) => Readonly<Record<string, string>> {
  const { customHeaders } = schema.parse(parse(readFileSync(file, 'utf8')));
  const local = `connect-src 'self' ${endpoint} ${endpoint.replace(/^http/, 'ws')}`;
  const rules: Rule[] = customHeaders.map(({ pattern, headers }) => ({
    matches: patternOf(pattern),
    headers: headers
      .map(({ key, value }) => [key.toLowerCase(), value.replace(/connect-src [^;]*/, local)] as const)
      .filter(([key]) => !onlyDeployed.has(key)),
  }));
  return (path) =>
    Object.fromEntries(rules.filter((rule) => rule.matches.test(path)).flatMap((rule) => rule.headers));
}
