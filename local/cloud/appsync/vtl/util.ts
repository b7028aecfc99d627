import type { Json } from '../json.ts';
import type { FieldCall } from '../mapping.ts';
import { ResolverError, unauthorizedField } from '../resolver-error.ts';
import { readSubscriptionFilter } from '../subscription-filter.ts';
import { fromS3ObjectJson, TYPED, toS3Object } from '../util-dynamodb.ts';
import * as text from '../util-text.ts';
import { formatTime, parseIso8601, parseTime } from '../util-time.ts';
import { toDynamoDbExpression, toSubscriptionFilter } from '../util-transform.ts';
import {
  equalValues,
  fromJson,
  isTrue,
  Namespace,
  toJsonObject,
  toJsonValue,
  toText,
  type Value,
} from './values.ts';

const str = (value: Value | undefined): string =>
  value === undefined || value === null ? '' : toText(value);
const optional = (value: Value | undefined): string | null =>
  value === undefined || value === null ? null : toText(value);
const json = (value: Value | undefined): Json => toJsonValue(value ?? null);
const number = (value: Value | undefined): number => Number(value ?? Number.NaN);
const list = (value: Value | undefined): Value[] => (Array.isArray(value) ? value : []);
const isEmpty = (value: Value): boolean =>
  value === null ||
  value === '' ||
  (Array.isArray(value) && value.length === 0) ||
  (value instanceof Map && value.size === 0);
const isBlank = (value: Value): boolean =>
  value === null || (typeof value === 'string' && value.trim() === '');

/** `$util` (also `$utils`) for one field. Documented in AWS AppSync's "Resolver mapping template utility reference". */
export function vtlUtil(call: FieldCall): Namespace {
  const raised = (message: Value, type?: Value, data?: Value, info?: Value) =>
    new ResolverError(str(message), optional(type), json(data), json(info));
  return new Namespace('util', {
    qr: () => '',
    quiet: () => '',
    escapeJavaScript: (value) => text.escapeJavaScript(str(value)),
    urlEncode: (value) => text.urlEncode(str(value)),
    urlDecode: (value) => text.urlDecode(str(value)),
    base64Encode: (value) => text.base64Encode(str(value)),
    base64Decode: (value) => text.base64Decode(str(value)),
    parseJson: (value) => parseJson(str(value)),
    toJson: (value) => JSON.stringify(json(value)),
    autoId: () => text.uuid(),
    autoUlid: () => text.ulid(call.now()),
    autoKsuid: () => text.ksuid(call.now()),
    unauthorized() {
      throw unauthorizedField(call.typeName, call.fieldName);
    },
    error(message, type, data, info) {
      throw raised(message ?? '', type, data, info);
    },
    appendError(message, type, data, info) {
      call.errors.push(raised(message ?? '', type, data, info));
      return '';
    },
    validate(condition, message, type, data) {
      if (!isTrue(condition ?? null)) throw raised(message ?? '', type ?? 'CustomTemplateException', data);
      return '';
    },
    isNull: (value) => (value ?? null) === null,
    isNullOrEmpty: (value) => isEmpty(value ?? null),
    isNullOrBlank: (value) => isBlank(value ?? null),
    defaultIfNull: (value, otherwise) => value ?? otherwise ?? null,
    defaultIfNullOrEmpty: (value, otherwise) =>
      isEmpty(value ?? null) ? (otherwise ?? null) : (value ?? null),
    defaultIfNullOrBlank: (value, otherwise) =>
      isBlank(value ?? null) ? (otherwise ?? null) : (value ?? null),
    isString: (value) => typeof value === 'string',
    isNumber: (value) => typeof value === 'number',
    isBoolean: (value) => typeof value === 'boolean',
    isList: (value) => Array.isArray(value),
    isMap: (value) => value instanceof Map,
    typeOf: (value) => typeOf(value ?? null),
    matches: (pattern, value) => text.matches(str(pattern), str(value)),
    authType: () => call.authType,
    time: time(call),
    list: new Namespace('util.list', {
      copyAndRetainAll: (one, other) =>
        list(one).filter((item) => list(other).some((kept) => equalValues(kept, item))),
      copyAndRemoveAll: (one, other) =>
        list(one).filter((item) => !list(other).some((gone) => equalValues(gone, item))),
      sortList: (one, descending, key) => sorted(list(one), isTrue(descending ?? null), str(key)),
    }),
    map: new Namespace('util.map', {
      copyAndRetainAllKeys: (map, keys) => filterKeys(map, (key) => list(keys).includes(key)),
      copyAndRemoveAllKeys: (map, keys) => filterKeys(map, (key) => !list(keys).includes(key)),
    }),
    dynamodb: dynamodb(),
    transform: new Namespace('util.transform', {
      toDynamoDBFilterExpression: (filter) => JSON.stringify(toDynamoDbExpression(json(filter))),
      toDynamoDBConditionExpression: (filter) => JSON.stringify(toDynamoDbExpression(json(filter))),
      toSubscriptionFilter: (filter, ignored, rules) =>
        fromJson(toSubscriptionFilter(json(filter), list(ignored).map(toText), json(rules))),
    }),
    math: new Namespace('util.math', {
      roundNum: (value) => Math.round(number(value)),
      minVal: (one, other) => Math.min(number(one), number(other)),
      maxVal: (one, other) => Math.max(number(one), number(other)),
      randomDouble: () => Math.random(),
      randomWithinRange: (from, to) => Math.floor(number(from) + Math.random() * (number(to) - number(from))),
    }),
    str: new Namespace('util.str', {
      toUpper: (value) => str(value).toUpperCase(),
      toLower: (value) => str(value).toLowerCase(),
      toReplace: (value, from, to) => str(value).replaceAll(str(from), () => str(to)),
      normalize: (value, form) => text.normalize(str(value), str(form)),
    }),
    http: new Namespace('util.http', {
      copyHeaders: (headers) =>
        filterKeys(headers, (key) => !/^(host|connection|x-amz-.*|authorization)$/i.test(key)),
      addResponseHeader(name, value) {
        call.responseHeaders.set(str(name), str(value));
        return '';
      },
      addResponseHeaders(headers) {
        if (headers instanceof Map)
          for (const [name, value] of headers) call.responseHeaders.set(name, str(value));
        return '';
      },
    }),
  });
}

/** `$extensions` for one field. */
export function vtlExtensions(call: FieldCall): Namespace {
  const filter = (value: Value | undefined) =>
    readSubscriptionFilter(typeof value === 'string' ? (JSON.parse(value) as Json) : json(value));
  return new Namespace('extensions', {
    setSubscriptionFilter(value) {
      call.subscriptionFilter = filter(value);
      return '';
    },
    setSubscriptionInvalidationFilter(value) {
      call.invalidationFilter = filter(value);
      return '';
    },
    invalidateSubscriptions(value) {
      const wanted = value instanceof Map ? toJsonObject(value) : {};
      const payload = wanted.payload;
      call.invalidations.push({
        subscriptionField: String(wanted.subscriptionField ?? ''),
        payload: typeof payload === 'object' && payload !== null && !Array.isArray(payload) ? payload : {},
      });
      return '';
    },
    evictFromApiCache: () => '',
  });
}

function time(call: FieldCall): Namespace {
  const zone = (value: Value | undefined) => optional(value) ?? 'UTC';
  return new Namespace('util.time', {
    nowISO8601: () => call.now().toISOString(),
    nowEpochSeconds: () => Math.floor(call.now().getTime() / 1000),
    nowEpochMilliSeconds: () => call.now().getTime(),
    nowFormatted: (format, timeZone) => formatTime(call.now().getTime(), str(format), zone(timeZone)),
    parseFormattedToEpochMilliSeconds: (value, format, timeZone) =>
      parseTime(str(value), str(format), zone(timeZone)),
    parseISO8601ToEpochMilliSeconds: (value) => parseIso8601(str(value)),
    epochMilliSecondsToSeconds: (value) => Math.floor(number(value) / 1000),
    epochMilliSecondsToISO8601: (value) => new Date(number(value)).toISOString(),
    epochMilliSecondsToFormatted: (value, format, timeZone) =>
      formatTime(number(value), str(format), zone(timeZone)),
  });
}

/** Each conversion `toX` also exists as `toXJson`, which gives JSON text. */
function dynamodb(): Namespace {
  const members: Record<string, (...args: Value[]) => Value> = {
    toS3Object: (...args) => fromJson(s3Object(args)),
    toS3ObjectJson: (...args) => JSON.stringify(s3Object(args)),
    fromS3ObjectJson: (value) => fromJson(fromS3ObjectJson(str(value))),
  };
  for (const [name, convert] of Object.entries(TYPED)) {
    members[name] = (value) => fromJson(convert(json(value)));
    members[`${name}Json`] = (value) => JSON.stringify(convert(json(value)));
  }
  return new Namespace('util.dynamodb', members);
}

function s3Object(args: Value[]): Json {
  return toS3Object(
    str(args[0]),
    str(args[1]),
    str(args[2]),
    args[3] === undefined ? undefined : str(args[3]),
  );
}

/** Text that is not JSON gives null: Amplify's own templates parse any claim to see whether it holds a list. */
function parseJson(source: string): Value {
  try {
    return fromJson(JSON.parse(source) as Json);
  } catch {
    return null;
  }
}

function typeOf(value: Value): string {
  if (value === null) return 'Null';
  if (Array.isArray(value)) return 'List';
  if (value instanceof Map) return 'Map';
  return { string: 'String', number: 'Number', boolean: 'Boolean' }[typeof value as string] ?? 'Object';
}

function filterKeys(map: Value | undefined, wanted: (key: string) => boolean): Value {
  return map instanceof Map ? new Map([...map].filter(([key]) => wanted(key))) : new Map();
}

function sorted(items: Value[], descending: boolean, key: string): Value[] {
  const of = (item: Value): Value => (key !== '' && item instanceof Map ? (item.get(key) ?? null) : item);
  const order = (one: Value, other: Value): number => {
    const [left, right] = [of(one), of(other)];
    if (typeof left === 'number' && typeof right === 'number') return left - right;
    return str(left) < str(right) ? -1 : str(left) > str(right) ? 1 : 0;
  };
  return items.toSorted((one, other) => (descending ? order(other, one) : order(one, other)));
}
