import { base64Of } from "../base64.ts";
import type { ListShape, MapShape, Member, Shape, StructureShape } from "../model.ts";
import { isFlattened, remembered, xmlNameOf } from "../shapes.ts";
import { formatTimestamp, isoShort, timestampFormatOf } from "../timestamps.ts";

/** How one protocol differs from another in XML. */
export interface XmlStyle {
  /** ec2 calls the members of every list `item`. */
  readonly listMemberName?: string;
  /** query leaves out milliseconds that are zero. */
  readonly hasShortTimes?: boolean;
}

/** Writes the content of an element, without its tag. */
type WriteContent = (value: unknown) => string;
/** Writes a whole element, or several of them for a flattened list. */
type WriteElement = (value: unknown) => string;

// Characters that would not survive a parser: markup, line ends it would normalise, and what XML 1.0 cannot hold raw.
// oxlint-disable-next-line no-control-regex -- control characters are the subject
const SPECIAL = /[&<>"\u0000-\u0008\u000b-\u001f\u0085\u2028\ufffe\uffff]/;
const [QUOTE, AMPERSAND, LESS, GREATER, FIRST_RARE] = [0x22, 0x26, 0x3c, 0x3e, 0x80];
const NAMED: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

export function escapeXml(text: string): string {
  return SPECIAL.test(text) ? escaped(text) : text;
}

/** Every ETag has two quotes: to have them replaced by a pattern takes three times as long. */
function escaped(text: string): string {
  let result = "";
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit > QUOTE && unit < FIRST_RARE && unit !== AMPERSAND && unit !== LESS && unit !== GREATER) continue;
    const character = text[at] as string;
    if (!SPECIAL.test(character)) continue;
    result += text.slice(from, at) + (NAMED[character] ?? `&#x${unit.toString(16).toUpperCase()};`);
    from = at + 1;
  }
  return result + text.slice(from);
}

function scalarWriter(shape: Shape, member: Member | undefined, style: XmlStyle): WriteContent {
  if (shape.type === "blob") return (value) => base64Of(value as Uint8Array);
  if (shape.type === "timestamp") {
    const format = timestampFormatOf(member, shape, "iso8601");
    if (format === "iso8601" && style.hasShortTimes === true) return (value) => isoShort(value as Date);
    return (value) => formatTimestamp(value as Date, format);
  }
  return shape.type === "string" || shape.type === "character" ? (value) => escapeXml(String(value)) : String;
}

export interface XmlWriter {
  /** The members of a structure, one after the other. */
  contentOf(shape: Shape): WriteContent;
  /** An element called `tag`; `attributes` is text such as ` xmlns="..."`. */
  elementOf(shape: StructureShape, tag: string, attributes?: string): WriteElement;
  /** The attributes of a structure's own tag. */
  memberOf(member: Member): WriteElement;
}

interface AttributeWriter {
  readonly name: string;
  readonly wire: string;
  readonly write: WriteContent;
}

/** Compiles writers, one closure per shape. Members of other locations than the body are left out. */
export function xmlWriter(style: XmlStyle): XmlWriter {
  const contentOf: (shape: Shape) => WriteContent = deferred((shape) => {
    if (shape.type === "structure") return structureContent(shape);
    if (shape.type === "list") return listContent(shape, style.listMemberName ?? shape.memberWireName);
    return shape.type === "map" ? mapContent(shape, "entry") : scalarWriter(shape, undefined, style);
  });
  const attributesOf = remembered((shape: StructureShape): readonly AttributeWriter[] =>
    Array.from(shape.members.values())
      .filter((member) => member.isXmlAttribute)
      .map((member) => ({
        name: member.name,
        wire: xmlNameOf(member),
        write: scalarWriter(member.shape, member, style),
      })),
  );

  function elementOf(shape: Shape, tag: string, attributes = "", content = contentOf(shape)): WriteElement {
    const [open, close] = [`<${tag}${attributes}>`, `</${tag}>`];
    const own = shape.type === "structure" ? attributesOf(shape) : [];
    if (own.length === 0) return (value) => open + content(value) + close;
    return (value) => {
      let start = open.slice(0, -1);
      for (const { name, wire, write } of own) {
        const item = (value as Record<string, unknown>)[name];
        if (item !== undefined) start += ` ${wire}="${write(item)}"`;
      }
      return `${start}>${content(value)}${close}`;
    };
  }

  function memberOf(member: Member): WriteElement {
    const { shape } = member;
    const attributes = namespaceAttribute(member);
    if (isFlattened(member) && shape.type === "list") {
      const write = elementOf(shape.member, xmlNameOf(member), attributes);
      return (value) => joined(value as unknown[], write);
    }
    if (isFlattened(member) && shape.type === "map") return mapContent(shape, xmlNameOf(member));
    if (shape.type === "timestamp")
      return elementOf(shape, xmlNameOf(member), attributes, scalarWriter(shape, member, style));
    return elementOf(shape, xmlNameOf(member), attributes);
  }

  function structureContent(shape: StructureShape): WriteContent {
    const members = Array.from(shape.members.values())
      .filter((member) => member.location === "body" && !member.isXmlAttribute)
      .map((member) => ({ name: member.name, write: memberOf(member) }));
    return (value) => {
      let text = "";
      for (const { name, write } of members) {
        const item = (value as Record<string, unknown>)[name];
        if (item !== undefined && item !== null) text += write(item);
      }
      return text;
    };
  }

  function listContent(shape: ListShape, tag: string): WriteContent {
    const write = elementOf(shape.member, tag);
    return (value) => joined(value as unknown[], write);
  }

  function mapContent(shape: MapShape, tag: string): WriteContent {
    const key = elementOf(shape.key, shape.keyWireName);
    const item = elementOf(shape.value, shape.valueWireName);
    return (value) => joined(Object.entries(value as object), ([k, v]) => `<${tag}>${key(k)}${item(v)}</${tag}>`);
  }

  return { contentOf, elementOf, memberOf };
}

function joined<T>(items: readonly T[], write: (item: T) => string): string {
  let text = "";
  for (const item of items) text += write(item);
  return text;
}

function namespaceAttribute(member: Member): string {
  const attributes =
    member.shape.type === "structure" ? Array.from(member.shape.members.values()).filter((m) => m.isXmlAttribute) : [];
  // `xsi:type` needs its prefix declared where it stands.
  if (attributes.some((attribute) => xmlNameOf(attribute).startsWith("xsi:"))) return XSI;
  return member.xmlNamespace === undefined ? "" : ` xmlns="${escapeXml(member.xmlNamespace)}"`;
}

const XSI = ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';

/** Compilation that waits for the first use, since shapes may contain themselves. */
function deferred(compile: (shape: Shape) => WriteContent): (shape: Shape) => WriteContent {
  return remembered((shape: Shape) => {
    let write: WriteContent | undefined;
    return (value: unknown) => (write ??= compile(shape))(value);
  });
}
