import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import type { FieldCall } from '../mapping.ts';
import { ResolverError, unauthorizedField } from '../resolver-error.ts';
import { readSubscriptionFilter } from '../subscription-filter.ts';
import { fromS3ObjectJson, TYPED, toS3Object } from '../util-dynamodb.ts';
import * as text from '../util-text.ts';
import { formatTime, parseIso8601, parseTime } from '../util-time.ts';
import { toDynamoDbExpression, toSubscriptionFilter } from '../util-transform.ts';

/** A function of the runtime: arguments arrive as JSON. */
export type HostFunction = (...args: Json[]) => Json | undefined;
export interface HostModule {
  readonly [name: string]: HostFunction | HostModule;
}

const str = (value: Json | undefined): string => (value === null || value === undefined ? '' : String(value));
const optional = (value: Json | undefined): string | null =>
  value === null || value === undefined ? null : String(value);
const zone = (value: Json | undefined): string => optional(value) ?? 'UTC';

/** Ends a handler with a value. Thrown by `runtime.earlyReturn`. */
export class EarlyReturn {
  readonly value: Json;
  readonly skipTo: 'NEXT' | 'END' | undefined;
  constructor(value: Json, skipTo: 'NEXT' | 'END' | undefined) {
    this.value = value;
    this.skipTo = skipTo;
  }
}

/** `util` for one field, as @aws-appsync/utils declares it. */
export function jsUtil(call: FieldCall): HostModule {
  const raised = (message: Json | undefined, type?: Json, data?: Json, info?: Json) =>
    new ResolverError(str(message), optional(type), data ?? null, info ?? null);
  return {
    escapeJavaScript: (value) => text.escapeJavaScript(str(value)),
    urlEncode: (value) => text.urlEncode(str(value)),
    urlDecode: (value) => text.urlDecode(str(value)),
    base64Encode: (value) => text.base64Encode(str(value)),
    base64Decode: (value) => text.base64Decode(str(value)),
    autoId: () => text.uuid(),
    autoUlid: () => text.ulid(call.now()),
    autoKsuid: () => text.ksuid(call.now()),
    unauthorized() {
      throw unauthorizedField(call.typeName, call.fieldName);
    },
    error(message, type, data, info) {
      throw raised(message, type, data, info);
    },
    appendError(message, type, data, info) {
      call.errors.push(raised(message, type, data, info));
      return undefined;
    },
    matches: (pattern, value) => text.matches(str(pattern), str(value)),
    authType: () => call.authType,
    time: {
      nowISO8601: () => call.now().toISOString(),
      nowEpochSeconds: () => Math.floor(call.now().getTime() / 1000),
      nowEpochMilliSeconds: () => call.now().getTime(),
      nowFormatted: (format, timeZone) => formatTime(call.now().getTime(), str(format), zone(timeZone)),
      parseFormattedToEpochMilliSeconds: (value, format, timeZone) =>
        parseTime(str(value), str(format), zone(timeZone)),
      parseISO8601ToEpochMilliSeconds: (value) => parseIso8601(str(value)),
      epochMilliSecondsToSeconds: (value) => Math.floor(Number(value) / 1000),
      epochMilliSecondsToISO8601: (value) => new Date(Number(value)).toISOString(),
      epochMilliSecondsToFormatted: (value, format, timeZone) =>
        formatTime(Number(value), str(format), zone(timeZone)),
    },
    dynamodb: {
      ...(TYPED as HostModule),
      toS3Object: (key, bucket, region, version) =>
        toS3Object(str(key), str(bucket), str(region), optional(version) ?? undefined),
      fromS3ObjectJson: (value) => fromS3ObjectJson(str(value)),
    },
    transform: {
      toDynamoDBFilterExpression: (filter) => JSON.stringify(toDynamoDbExpression(filter ?? null)),
      toDynamoDBConditionExpression: (filter) => JSON.stringify(toDynamoDbExpression(filter ?? null)),
      toSubscriptionFilter: (filter, ignored, rules) =>
        toSubscriptionFilter(filter ?? null, Array.isArray(ignored) ? ignored.map(str) : [], rules ?? null),
    },
    math: {
      roundNum: (value) => Math.round(Number(value)),
      minVal: (one, other) => Math.min(Number(one), Number(other)),
      maxVal: (one, other) => Math.max(Number(one), Number(other)),
      randomDouble: () => Math.random(),
      randomWithinRange: (from, to) => Math.floor(Number(from) + Math.random() * (Number(to) - Number(from))),
    },
    str: { normalize: (value, form) => text.normalize(str(value), str(form)) },
    http: {
      copyHeaders: (headers) => copyHeaders(headers ?? null),
      addResponseHeader(name, value) {
        call.responseHeaders.set(str(name), headerText(value));
        return undefined;
      },
      addResponseHeaders(headers) {
        if (isJsonObject(headers)) {
          for (const [name, value] of Object.entries(headers))
            call.responseHeaders.set(name, headerText(value));
        }
        return undefined;
      },
    },
  };
}

/** `extensions` for one field. */
export function jsExtensions(call: FieldCall): HostModule {
  return {
    setSubscriptionFilter(filter) {
      call.subscriptionFilter = readSubscriptionFilter(filter ?? null);
      return undefined;
    },
    setSubscriptionInvalidationFilter(filter) {
      call.invalidationFilter = readSubscriptionFilter(filter ?? null);
      return undefined;
    },
    invalidateSubscriptions(wanted) {
      const { subscriptionField, payload } = isJsonObject(wanted) ? wanted : {};
      call.invalidations.push({
        subscriptionField: str(subscriptionField),
        payload: isJsonObject(payload) ? payload : {},
      });
      return undefined;
    },
    // There is no cache to evict from: APIs with one are refused when they are read.
    evictFromApiCache: () => undefined,
  };
}

export const jsRuntime: HostModule = {
  earlyReturn(value, options) {
    const skipTo = isJsonObject(options) ? options.skipTo : undefined;
    throw new EarlyReturn(value ?? null, skipTo === 'NEXT' || skipTo === 'END' ? skipTo : undefined);
  },
};

function copyHeaders(headers: Json): JsonObject {
  if (!isJsonObject(headers)) return {};
  const restricted = /^(host|connection|transfer-encoding|authorization|x-amz-.*|x-amzn-.*)$/i;
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !restricted.test(name)));
}

function headerText(value: Json | undefined): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : str(value);
}
