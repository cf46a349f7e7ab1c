import { DEPTH_MAX, malformed } from "../malformed.ts";

/** An element of a request. Namespace prefixes of elements are dropped, those of attributes kept (`xsi:type`). */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>> | undefined;
  readonly children: XmlElement[];
  text: string;
}

const NAME = /[A-Za-z_\u0080-\uffff][\w.\-:\u0080-\uffff]*/y;
const ATTRIBUTE = /\s+([A-Za-z_\u0080-\uffff][\w.\-:\u0080-\uffff]*)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
const TAG_END = /\s*(\/?)>/y;
const ENTITY = /&([^;\s&]{0,12});?/g;
const NAMED: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function decodeEntity(whole: string, name: string): string {
  const named = Object.hasOwn(NAMED, name) ? NAMED[name] : undefined;
  if (!whole.endsWith(";")) return malformed("The XML holds a bare ampersand.");
  if (named !== undefined) return named;
  const digits = /^#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}))$/.exec(name);
  const code =
    digits === null ? Number.NaN : Number.parseInt(digits[1] ?? digits[2] ?? "", digits[1] === undefined ? 10 : 16);
  // Entities that a document defines itself are how a few bytes grow into gigabytes; none is known here.
  if (!(code > 0 && code <= 0x10ffff)) return malformed("The XML refers to an unknown entity.");
  return String.fromCodePoint(code);
}

const decode = (raw: string) => (raw.includes("&") ? raw.replace(ENTITY, decodeEntity) : raw);
const localName = (name: string) => name.slice(name.indexOf(":") + 1);

/** One pass over the text with a stack of open elements. */
class XmlScan {
  readonly source: string;
  readonly stack: { readonly tag: string; readonly element: XmlElement }[] = [];
  root: XmlElement | undefined;
  at = 0;

  constructor(source: string) {
    this.source = source;
  }

  run(): XmlElement {
    if (this.source.charCodeAt(0) === 0xfeff) this.at = 1;
    for (;;) {
      const open = this.source.indexOf("<", this.at);
      this.text(this.source.slice(this.at, open < 0 ? undefined : open), true);
      if (open < 0) break;
      this.at = open;
      this.markup(this.source.charCodeAt(open + 1));
    }
    if (this.root === undefined || this.stack.length > 0)
      return malformed("The XML ends before its root element is closed.");
    return this.root;
  }

  text(raw: string, hasEntities: boolean): void {
    if (raw === "") return;
    const top = this.stack.at(-1);
    if (top !== undefined) top.element.text += hasEntities ? decode(raw) : raw;
    else if (raw.trim() !== "") malformed("The XML has text outside of its root element.");
  }

  markup(next: number): void {
    if (next === 0x2f) this.close();
    else if (next === 0x3f) this.skipPast("?>");
    else if (next === 0x21) this.declaration();
    else this.open();
  }

  skipPast(end: string): number {
    const found = this.source.indexOf(end, this.at);
    if (found < 0) malformed(`The XML lacks a closing ${end}.`);
    this.at = found + end.length;
    return found;
  }

  declaration(): void {
    const from = this.at;
    if (this.source.startsWith("<!--", from)) this.skipPast("-->");
    else if (this.source.startsWith("<![CDATA[", from))
      this.text(this.source.slice(from + 9, this.skipPast("]]>")), false);
    else malformed("A document type declaration is not allowed.");
  }

  close(): void {
    const end = this.skipPast(">");
    const tag = this.source.slice(this.source.lastIndexOf("</", end) + 2, end).trimEnd();
    if (this.stack.pop()?.tag !== tag) malformed(`The XML closes ${tag.slice(0, 64)}, which is not open.`);
  }

  open(): void {
    NAME.lastIndex = this.at + 1;
    const tag = NAME.exec(this.source)?.[0] ?? malformed("The XML holds a tag without a name.");
    this.at = NAME.lastIndex;
    const element: XmlElement = { name: localName(tag), attributes: this.attributes(), children: [], text: "" };
    TAG_END.lastIndex = this.at;
    const end = TAG_END.exec(this.source) ?? malformed(`The XML does not close the tag ${tag.slice(0, 64)}.`);
    this.at = TAG_END.lastIndex;
    const parent = this.stack.at(-1);
    if (parent !== undefined) parent.element.children.push(element);
    else if (this.root === undefined) this.root = element;
    else malformed("The XML has more than one root element.");
    if (end[1] === "/") return;
    if (this.stack.push({ tag, element }) > DEPTH_MAX) malformed("The XML is nested too deeply.");
  }

  attributes(): Record<string, string> | undefined {
    let found: Record<string, string> | undefined;
    for (;;) {
      ATTRIBUTE.lastIndex = this.at;
      const match = ATTRIBUTE.exec(this.source);
      if (match === null) return found;
      this.at = ATTRIBUTE.lastIndex;
      found ??= Object.create(null) as Record<string, string>;
      found[match[1] as string] = decode(match[2] ?? match[3] ?? "");
    }
  }
}

/** Reads a document whole. Refuses document types, unknown entities, deep nesting and whatever is not well-formed. */
export function readXml(source: string): XmlElement {
  return new XmlScan(source).run();
}
