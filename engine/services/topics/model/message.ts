import { Type, type Static } from "typebox";
import { ATTRIBUTE_NAME, isNumberText } from "../../message-attributes.ts";
import { errors } from "../errors.ts";

export const MESSAGE_BYTES_MAX = 262_144;
const SUBJECT_MAX = 100;

export const Attributes = Type.Record(
  Type.String(),
  Type.Object({
    type: Type.String(),
    value: Type.Union([Type.String(), Type.Unsafe<Uint8Array>({ type: "string", contentEncoding: "base64" })]),
  }),
);
export type Attributes = Static<typeof Attributes>;

const content = {
  message: Type.String(),
  /** What subscribers of a protocol get instead of `message`. */
  perProtocol: Type.Optional(Type.Record(Type.String(), Type.String())),
  subject: Type.Optional(Type.String()),
  attributes: Type.Optional(Attributes),
  group: Type.Optional(Type.String()),
  deduplicationId: Type.Optional(Type.String()),
};
export const contentSchemas = content;
export const Content = Type.Object(content);
export type Content = Static<typeof Content>;

/** A message on its way: what all its notifications have in common. */
export interface Published extends Content {
  readonly id: string;
  readonly atMs: number;
  /** FIFO only. */
  readonly sequence?: number;
}

export function contentBytes({ message, perProtocol, attributes }: Content): number {
  let sizeBytes = Buffer.byteLength(message);
  for (const text of Object.values(perProtocol ?? {})) sizeBytes += Buffer.byteLength(text);
  for (const [name, { type, value }] of Object.entries(attributes ?? {}))
    sizeBytes += Buffer.byteLength(name) + Buffer.byteLength(type) + Buffer.byteLength(value);
  return sizeBytes;
}

/** What a publisher says to those who bring texts and pushes, not to their readers. */
const CARRIER_ATTRIBUTE = /^AWS[.](?:SNS[.](?:SMS|MOBILE)|MM[.]SMS)[.][A-Za-z0-9_.]+$/;
const ATTRIBUTE_TYPE = /^(?:String|String[.]Array|Number|Binary)(?:[.].+)?$/;

/** Errors: `AttributeInvalid` for the first that is none */
export function checkAttributes(attributes: Attributes): void {
  for (const [name, { type, value }] of Object.entries(attributes)) {
    const refuse = (reason: "name" | "type" | "empty" | "number" | "array") =>
      errors.AttributeInvalid({ name, type, reason });
    if (!ATTRIBUTE_NAME.test(name) && !CARRIER_ATTRIBUTE.test(name)) throw refuse("name");
    if (!ATTRIBUTE_TYPE.test(type)) throw refuse("type");
    if (value.length === 0) throw refuse("empty");
    if (type === "Number" && !isNumberText(value)) throw refuse("number");
    if (type === "String.Array" && !isArrayText(value)) throw refuse("array");
  }
}

/** The attributes that are for a message's readers; undefined when there are none. */
export function readersAttributes(attributes: Attributes | undefined): Attributes | undefined {
  if (attributes === undefined) return undefined;
  const names = Object.keys(attributes);
  if (!names.some((name) => CARRIER_ATTRIBUTE.test(name))) return attributes;
  const own = Object.entries(attributes).filter(([name]) => !CARRIER_ATTRIBUTE.test(name));
  return own.length > 0 ? Object.fromEntries(own) : undefined;
}

const TEXT_SENDERS = ["AWS.MM.SMS.OriginationNumber", "AWS.SNS.SMS.SenderID"];

/** Whom a text is to come from, where its publisher says so. */
export function textSenderOf({ attributes }: Content): string | undefined {
  const sender = TEXT_SENDERS.map((name) => attributes?.[name]?.value).find((value) => value !== undefined);
  return sender?.toString();
}

function isArrayText(value: string | Uint8Array): boolean {
  try {
    return Array.isArray(JSON.parse(String(value)));
  } catch {
    return false;
  }
}

/** Refuses what cannot be published, whoever the subscribers are. */
export function checkContent(content: Content): void {
  if (content.message === "") throw errors.MessageEmpty();
  const sizeBytes = contentBytes(content);
  if (sizeBytes > MESSAGE_BYTES_MAX) throw errors.MessageTooLong({ sizeBytes, limitBytes: MESSAGE_BYTES_MAX });
  if (content.subject !== undefined && !isSubject(content.subject)) throw errors.SubjectInvalid();
  if (content.attributes) checkAttributes(content.attributes);
}

/** One line that begins with a visible character. */
const isSubject = (subject: string) =>
  // oxlint-disable-next-line no-control-regex -- control characters are what must not be there
  subject.length > 0 && subject.length <= SUBJECT_MAX && !/[\u0000-\u001f\u007f]|^\s/.test(subject);
