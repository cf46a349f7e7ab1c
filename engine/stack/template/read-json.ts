import type { SourceEntry, SourceNode } from "./source-tree.ts";

const DEPTH_MAX = 64;
// oxlint-disable-next-line no-control-regex -- JSON's own rule: none of them stands in a text unescaped
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])/y;
const WORD = /(?:true|false|null)(?![\w.])/y;
const BLANK = /[ \t\r\n]*/y;
const WORDS: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };

/** Left for the reader of YAML, which can say what is wrong with it, or means something by it that JSON does not. */
class NotPlainJson extends Error {}

/**
 * Reads a text that is JSON, as the reader of YAML would and many times faster: what tools write (CDK) is JSON, and
 * large. Undefined for everything that is not plain JSON, and for what the other reader has something to say about.
 */
export function readJson(text: string, offset: number): SourceNode | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  const reading = { text, offset, at: 0 };
  try {
    const root = value(reading, 0);
    match(reading, BLANK);
    return reading.at === text.length ? root : undefined;
  } catch (error) {
    if (error instanceof NotPlainJson) return undefined;
    throw error;
  }
}

interface Reading {
  readonly text: string;
  readonly offset: number;
  at: number;
}

function match(reading: Reading, pattern: RegExp): string | undefined {
  pattern.lastIndex = reading.at;
  const found = pattern.exec(reading.text)?.[0];
  if (found !== undefined) reading.at += found.length;
  return found;
}

/** The character that comes next, blanks left behind; it is not taken. */
function next(reading: Reading): string {
  match(reading, BLANK);
  return reading.text.charAt(reading.at);
}

function take(reading: Reading, wanted: string): void {
  if (next(reading) !== wanted) throw new NotPlainJson();
  reading.at += 1;
}

function value(reading: Reading, depth: number): SourceNode {
  if (depth > DEPTH_MAX) throw new NotPlainJson();
  const first = next(reading);
  const start = reading.offset + reading.at;
  const span = () => ({ start, end: reading.offset + reading.at });
  if (first === "{") {
    const entries = mapEntries(reading, depth);
    return { kind: "map", entries, span: span() };
  }
  if (first === "[") {
    const items = listItems(reading, depth);
    return { kind: "list", items, span: span() };
  }
  if (first === '"') return { kind: "scalar", value: textValue(reading), span: span() };
  const word = match(reading, WORD);
  if (word !== undefined) return { kind: "scalar", value: WORDS[word] ?? null, span: span() };
  const number = match(reading, NUMBER);
  if (number === undefined) throw new NotPlainJson();
  // A number whose text would change on the way stays the text it was written as.
  const read = Number(number);
  return { kind: "scalar", value: String(read) === number ? read : number, span: span() };
}

function textValue(reading: Reading): string {
  const written = match(reading, STRING);
  if (written === undefined) throw new NotPlainJson();
  return written.includes("\\") ? (JSON.parse(written) as string) : written.slice(1, -1);
}

function mapEntries(reading: Reading, depth: number): SourceEntry[] {
  take(reading, "{");
  const entries: SourceEntry[] = [];
  const seen = new Set<string>(["__proto__", "<<"]);
  while (next(reading) !== "}") {
    if (entries.length > 0) take(reading, ",");
    next(reading);
    const start = reading.offset + reading.at;
    const key = textValue(reading);
    const keySpan = { start, end: reading.offset + reading.at };
    if (seen.has(key)) throw new NotPlainJson();
    seen.add(key);
    take(reading, ":");
    entries.push({ key, keySpan, value: value(reading, depth + 1) });
  }
  reading.at += 1;
  return entries;
}

function listItems(reading: Reading, depth: number): SourceNode[] {
  take(reading, "[");
  const items: SourceNode[] = [];
  while (next(reading) !== "]") {
    if (items.length > 0) take(reading, ",");
    items.push(value(reading, depth + 1));
  }
  reading.at += 1;
  return items;
}
