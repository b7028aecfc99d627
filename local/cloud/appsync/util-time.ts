import { ResolverError } from './resolver-error.ts';

/**
 * `util.time` in the syntax of Java's DateTimeFormatter, as far as APPSYNC_JS and VTL resolvers use it:
 * y u M d E H h K k m s S a X x Z z V and quoted text. A letter outside these is an error that names it.
 */
export function formatTime(milliseconds: number, pattern: string, timeZone = 'UTC'): string {
  const zoned = inZone(milliseconds, timeZone);
  return tokens(pattern)
    .map((token) => ('text' in token ? token.text : formatField(zoned, token.letter, token.width)))
    .join('');
}

/** Reads a time written in `pattern`. A zone in the text wins over `timeZone`. Returns epoch milliseconds. */
export function parseTime(text: string, pattern: string, timeZone = 'UTC'): number {
  const names: string[] = [];
  const source = tokens(pattern)
    .map((token) => {
      if ('text' in token) return token.text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
      names.push(token.letter);
      return `(${fieldPattern(token.letter, token.width)})`;
    })
    .join('');
  const match = new RegExp(`^${source}$`, 'i').exec(text);
  if (!match) throw new ResolverError(`Unable to parse the time ${text} as ${pattern}`, 'BadRequest');
  const field = new Map(names.map((name, index) => [name, match[index + 1] ?? '']));
  const number = (letters: string, otherwise: number): number => {
    for (const letter of letters) {
      const value = field.get(letter);
      if (value !== undefined && value !== '') return Number(value);
    }
    return otherwise;
  };
  const yearText = field.get('y') ?? field.get('u');
  const year =
    yearText === undefined ? 1970 : yearText.length === 2 ? 2000 + Number(yearText) : Number(yearText);
  const monthText = field.get('M');
  const month =
    monthText === undefined ? 1 : /^\d+$/.test(monthText) ? Number(monthText) : monthOf(monthText);
  const half = /p/i.test(field.get('a') ?? '') ? 12 : 0;
  const hour = field.has('h') ? (number('h', 0) % 12) + half : number('Hk', 0);
  const fraction = field.get('S');
  const local = Date.UTC(
    year,
    month - 1,
    number('d', 1),
    hour,
    number('m', 0),
    number('s', 0),
    fraction === undefined ? 0 : Math.floor(Number(`0.${fraction}`) * 1000),
  );
  const offset = field.get('X') ?? field.get('x') ?? field.get('Z');
  if (offset !== undefined) return local - offsetMinutes(offset) * 60_000;
  return local - zoneOffset(local - zoneOffset(local, timeZone), timeZone);
}

/** Reads an ISO 8601 time with a zone. Returns epoch milliseconds. */
export function parseIso8601(text: string): number {
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds)) throw new ResolverError(`Unable to parse the time ${text}`, 'BadRequest');
  return milliseconds;
}

type Token = { readonly text: string } | { readonly letter: string; readonly width: number };

function tokens(pattern: string): Token[] {
  return [...pattern.matchAll(/'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+/g)].map((match) => {
    if (match[2]) return { letter: match[2], width: match[0].length };
    if (match[1] !== undefined) return { text: match[1] === '' ? "'" : match[1].replaceAll("''", "'") };
    return { text: match[0] };
  });
}

interface Zoned {
  /** The wall clock as if it were UTC. */
  readonly clock: Date;
  readonly offset: number;
  readonly zone: string;
}

function inZone(milliseconds: number, timeZone: string): Zoned {
  const offset = zoneOffset(milliseconds, timeZone);
  return { clock: new Date(milliseconds + offset), offset, zone: timeZone };
}

function zoneOffset(milliseconds: number, timeZone: string): number {
  if (/^(UTC|GMT|Z)$/i.test(timeZone)) return 0;
  if (/^[+-]\d\d:?\d\d$/.test(timeZone)) return offsetMinutes(timeZone) * 60_000;
  let parts: Intl.DateTimeFormatPart[];
  try {
    parts = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' }).formatToParts(
      milliseconds,
    );
  } catch {
    throw new ResolverError(`The time zone ${timeZone} is not known`, 'BadRequest');
  }
  const name = parts.find((part) => part.type === 'timeZoneName')?.value ?? 'GMT';
  return name === 'GMT' ? 0 : offsetMinutes(name.slice(3)) * 60_000;
}

function offsetMinutes(text: string): number {
  const match = /^([+-])(\d\d):?(\d\d)?$/.exec(text);
  if (!match) return 0;
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3] ?? 0));
}

const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);
const DAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');

function monthOf(text: string): number {
  return MONTHS.findIndex((month) => month.toLowerCase().startsWith(text.toLowerCase().slice(0, 3))) + 1;
}

function formatField({ clock, offset, zone }: Zoned, letter: string, width: number): string {
  const pad = (value: number) => String(value).padStart(width, '0');
  const hour = clock.getUTCHours();
  switch (letter) {
    case 'y':
    case 'u':
      return width === 2
        ? String(clock.getUTCFullYear() % 100).padStart(2, '0')
        : pad(clock.getUTCFullYear());
    case 'M': {
      const name = MONTHS[clock.getUTCMonth()] ?? '';
      return width >= 4 ? name : width === 3 ? name.slice(0, 3) : pad(clock.getUTCMonth() + 1);
    }
    case 'd':
      return pad(clock.getUTCDate());
    case 'E': {
      const name = DAYS[clock.getUTCDay()] ?? '';
      return width >= 4 ? name : name.slice(0, 3);
    }
    case 'H':
      return pad(hour);
    case 'k':
      return pad(hour || 24);
    case 'h':
      return pad(hour % 12 || 12);
    case 'K':
      return pad(hour % 12);
    case 'm':
      return pad(clock.getUTCMinutes());
    case 's':
      return pad(clock.getUTCSeconds());
    case 'S':
      return String(clock.getUTCMilliseconds()).padStart(3, '0').padEnd(width, '0').slice(0, width);
    case 'a':
      return hour < 12 ? 'AM' : 'PM';
    case 'X':
      return offset === 0 ? 'Z' : formatOffset(offset, width);
    case 'x':
      return formatOffset(offset, width);
    case 'Z':
      return formatOffset(offset, 2);
    case 'z':
    case 'V':
      return zone;
    default:
      throw unknownLetter(letter);
  }
}

function formatOffset(offset: number, width: number): string {
  const minutes = Math.abs(offset) / 60_000;
  const hh = String(Math.floor(minutes / 60)).padStart(2, '0');
  const mm = String(minutes % 60).padStart(2, '0');
  const sign = offset < 0 ? '-' : '+';
  if (width === 1 && mm === '00') return `${sign}${hh}`;
  return width === 3 || width === 5 ? `${sign}${hh}:${mm}` : `${sign}${hh}${mm}`;
}

function fieldPattern(letter: string, width: number): string {
  if (letter === 'M' && width >= 3) return '[A-Za-z]+';
  if (letter === 'E') return '[A-Za-z]+';
  if (letter === 'a') return '[AaPp][Mm]';
  if (letter === 'X' || letter === 'x' || letter === 'Z') return 'Z|[+-]\\d\\d:?(?:\\d\\d)?';
  if (!'yuMdHhkKmsS'.includes(letter)) throw unknownLetter(letter);
  return width === 1 ? '\\d+' : `\\d{${width}}`;
}

function unknownLetter(letter: string): ResolverError {
  return new ResolverError(`The letter ${letter} of a time format is not known to this cloud`, 'BadRequest');
}
