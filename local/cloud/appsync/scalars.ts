import { GraphQLError, GraphQLScalarType, Kind, valueFromASTUntyped } from 'graphql';

/**
 * The scalars that AppSync adds to GraphQL, checked on the way in and on the way out
 * (https://docs.aws.amazon.com/appsync/latest/devguide/scalars.html).
 */
export function awsScalars(): GraphQLScalarType[] {
  return [
    text('AWSDate', isDate),
    text('AWSTime', isTime),
    text('AWSDateTime', isDateTime),
    text('AWSEmail', (value) => /^[^\s@<>()]+@[^\s@<>()]+\.[^\s@<>().]+$/.test(value)),
    text('AWSURL', isUrl),
    text('AWSPhone', isPhone),
    text('AWSIPAddress', isIpAddress),
    timestamp(),
    json(),
  ];
}

function text(name: string, isValid: (value: string) => boolean): GraphQLScalarType {
  const check = (value: unknown): string => {
    if (typeof value !== 'string' || !isValid(value)) throw invalid(name, value);
    return value;
  };
  return new GraphQLScalarType({
    name,
    serialize: check,
    parseValue: check,
    parseLiteral(node) {
      return check(node.kind === Kind.STRING ? node.value : undefined);
    },
  });
}

function timestamp(): GraphQLScalarType {
  const check = (value: unknown): number => {
    if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw invalid('AWSTimestamp', value);
    return value;
  };
  return new GraphQLScalarType({
    name: 'AWSTimestamp',
    serialize: check,
    parseValue: check,
    parseLiteral: (node) => check(node.kind === Kind.INT ? Number(node.value) : undefined),
  });
}

/**
 * Resolvers see the value that the JSON text holds; clients send and get text. A resolver's own string that is
 * already JSON text goes out as it is.
 */
function json(): GraphQLScalarType {
  const parse = (value: unknown): unknown => {
    if (typeof value !== 'string') throw invalid('AWSJSON', value);
    try {
      return JSON.parse(value) as unknown;
    } catch {
      throw invalid('AWSJSON', value);
    }
  };
  return new GraphQLScalarType({
    name: 'AWSJSON',
    serialize(value) {
      if (typeof value === 'string' && isJsonText(value)) return value;
      return JSON.stringify(value);
    },
    parseValue: parse,
    parseLiteral: (node, variables) => parse(valueFromASTUntyped(node, variables)),
  });
}

function isJsonText(value: string): boolean {
  try {
    JSON.parse(value);
    return true;
  } catch {
    return false;
  }
}

const OFFSET = '(?:Z|[+-]\\d{2}:\\d{2}(?::\\d{2})?)';
const CLOCK = '(?:[01]\\d|2[0-3]):[0-5]\\d(?::[0-5]\\d(?:\\.\\d{1,9})?)?';

function isDate(value: string): boolean {
  return new RegExp(`^-?\\d{4}-\\d{2}-\\d{2}${OFFSET}?$`).test(value) && isCalendarDay(value);
}

function isTime(value: string): boolean {
  return new RegExp(`^${CLOCK}${OFFSET}?$`).test(value);
}

function isDateTime(value: string): boolean {
  return new RegExp(`^-?\\d{4}-\\d{2}-\\d{2}T${CLOCK}${OFFSET}$`).test(value) && isCalendarDay(value);
}

function isCalendarDay(value: string): boolean {
  const [year, month, day] = value.replace(/^-/, '').slice(0, 10).split('-').map(Number);
  const date = new Date(Date.UTC(year ?? 0, (month ?? 0) - 1, day ?? 0));
  return date.getUTCMonth() === (month ?? 0) - 1 && date.getUTCDate() === day;
}

function isUrl(value: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(value) && URL.canParse(value);
}

/** E.164, or a national number of ten digits in the usual American writing. */
function isPhone(value: string): boolean {
  const digits = value.replaceAll(/[\s().-]/g, '');
  return /^\+[1-9]\d{6,14}$/.test(digits) || /^1?[2-9]\d{9}$/.test(digits);
}

function isIpAddress(value: string): boolean {
  const [address = '', prefix, ...rest] = value.split('/');
  if (rest.length > 0 || (prefix !== undefined && !/^\d{1,3}$/.test(prefix))) return false;
  if (/^\d+(\.\d+){3}$/.test(address)) {
    return address.split('.').every((part) => Number(part) < 256) && Number(prefix ?? 32) <= 32;
  }
  return address.includes(':') && URL.canParse(`http://[${address}]`) && Number(prefix ?? 128) <= 128;
}

function invalid(name: string, value: unknown): GraphQLError {
  const shown = typeof value === 'string' ? ` '${value.slice(0, 60)}'` : '';
  return new GraphQLError(`Can't serialize value${shown} : Unable to serialize it as a valid ${name}.`);
}
