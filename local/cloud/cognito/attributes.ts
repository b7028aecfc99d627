import { invalidParameter, notAuthorized } from './cognito-error.ts';
import type { ClientConfig } from './user-pool-client.ts';

export interface SchemaAttribute {
  readonly required: boolean;
  readonly mutable: boolean;
  readonly type: 'String' | 'Number' | 'Boolean' | 'DateTime';
  readonly minLength: number | undefined;
  readonly maxLength: number | undefined;
}

/** As requests and replies hold attributes. */
export interface Attribute {
  readonly Name: string;
  readonly Value: string;
}

export type Attributes = Readonly<Record<string, string>>;

const standard = [
  'address',
  'birthdate',
  'email',
  'family_name',
  'gender',
  'given_name',
  'locale',
  'middle_name',
  'name',
  'nickname',
  'phone_number',
  'picture',
  'preferred_username',
  'profile',
  'updated_at',
  'website',
  'zoneinfo',
];
const verifications = ['email_verified', 'phone_number_verified'];
const emailForm = /^[^\s@"(),:;<>[\]\\]+@[^\s@.]+(\.[^\s@.]+)+$/;

interface SchemaEntry {
  readonly Name: string;
  readonly AttributeDataType?: SchemaAttribute['type'];
  readonly Required?: boolean | string;
  readonly Mutable?: boolean | string;
  readonly StringAttributeConstraints?: { readonly MinLength?: string; readonly MaxLength?: string };
}

/** The pool's attributes: every standard one, and the template's own under `custom:`. */
export function schemaOf(entries: readonly SchemaEntry[]): ReadonlyMap<string, SchemaAttribute> {
  const schema = new Map<string, SchemaAttribute>();
  const plain = { required: false, mutable: true, type: 'String', minLength: 0, maxLength: 2048 } as const;
  for (const name of standard) schema.set(name, plain);
  for (const entry of entries) {
    const name = standard.includes(entry.Name) ? entry.Name : `custom:${entry.Name}`;
    const { MinLength, MaxLength } = entry.StringAttributeConstraints ?? {};
    schema.set(name, {
      required: String(entry.Required ?? false) === 'true',
      mutable: String(entry.Mutable ?? true) === 'true',
      type: entry.AttributeDataType ?? 'String',
      minLength: MinLength === undefined ? undefined : Number(MinLength),
      maxLength: MaxLength === undefined ? undefined : Number(MaxLength),
    });
  }
  return schema;
}

const unconforming = (text: string) => invalidParameter(`Attributes did not conform to the schema: ${text}`);

/**
 * Checks attributes that a client (or, without one, an administrator) writes. `kept` are the user's present ones;
 * undefined for a new user, who must have all the required ones. Throws InvalidParameterException or NotAuthorizedException.
 */
export function checkAttributes(
  schema: ReadonlyMap<string, SchemaAttribute>,
  client: ClientConfig | undefined,
  given: readonly Attribute[],
  kept?: Attributes,
): Attributes {
  const result: Record<string, string> = {};
  for (const { Name, Value } of given) {
    if (client && verifications.includes(Name)) throw unauthorizedWrite();
    const attribute = schema.get(Name);
    if (attribute === undefined && !verifications.includes(Name)) {
      throw unconforming(`${Name}: Attribute does not exist in the schema.`);
    }
    if (client && !(client.writable?.has(Name) ?? standard.includes(Name))) throw unauthorizedWrite();
    if (kept && attribute && !attribute.mutable && kept[Name] !== undefined && kept[Name] !== Value) {
      throw unconforming(`${Name}: Attribute cannot be updated.`);
    }
    if (attribute) checkValue(Name, Value, attribute);
    else if (Value !== 'true' && Value !== 'false') throw unconforming(`${Name}: must be true or false`);
    result[Name] = Value;
  }
  if (kept === undefined) {
    const missing = [...schema].filter(([name, { required }]) => required && !result[name]);
    if (missing.length) {
      throw unconforming(missing.map(([name]) => `${name}: The attribute ${name} is required`).join('\n'));
    }
  }
  return result;
}

function unauthorizedWrite() {
  return notAuthorized('A client attempted to write unauthorized attribute');
}

function checkValue(name: string, value: string, attribute: SchemaAttribute): void {
  if (name === 'email' && !isEmail(value)) throw invalidParameter('Invalid email address format.');
  if (name === 'phone_number' && !/^\+\d{5,15}$/.test(value))
    throw invalidParameter('Invalid phone number format.');
  if (attribute.minLength !== undefined && value.length < attribute.minLength) {
    throw unconforming(`${name}: String must be at least ${attribute.minLength} characters long`);
  }
  if (attribute.maxLength !== undefined && value.length > attribute.maxLength) {
    throw unconforming(`${name}: String must be no longer than ${attribute.maxLength} characters`);
  }
  if (attribute.type === 'Number' && !/^-?\d+(\.\d+)?$/.test(value))
    throw unconforming(`${name}: must be a number`);
  if (attribute.type === 'Boolean' && !/^(true|false)$/.test(value))
    throw unconforming(`${name}: must be true or false`);
  if (attribute.type === 'DateTime' && Number.isNaN(Date.parse(value)))
    throw unconforming(`${name}: must be a time`);
}

/** Whether a text has the form of an e-mail address. */
export function isEmail(text: string): boolean {
  return text.length <= 2048 && emailForm.test(text);
}

/** A user's attributes as this client may see them; all of them without a client. */
export function readableAttributes(client: ClientConfig | undefined, attributes: Attributes): Attribute[] {
  const shown = ([name]: [string, string]) =>
    !client ||
    name === 'sub' ||
    (client.readable?.has(name) ?? (standard.includes(name) || verifications.includes(name)));
  return Object.entries(attributes)
    .filter(shown)
    .map(([Name, Value]) => ({ Name, Value }));
}

/** An address as replies show it: `a***@e***`. */
export function masked(email: string): string {
  const [local = '', domain = ''] = email.split('@');
  return `${local.charAt(0)}***@${domain.charAt(0)}***`;
}
