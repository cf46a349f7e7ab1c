import { errors } from "../errors.ts";
import type { Row } from "./evaluation.ts";

export interface CsvInput {
  readonly header: "use" | "ignore" | "none";
  readonly fieldDelimiter: string;
  readonly recordDelimiter: string;
  readonly quote: string;
  readonly escape: string;
  readonly comment: string;
  /** A record delimiter within quotes belongs to its field. */
  readonly allowsQuotedDelimiters: boolean;
}
export type SelectInput = { readonly csv: CsvInput } | { readonly json: "document" | "lines" };

const failed = (code: string, why: string) => errors.SelectFailed({ code, why });
const quotedDelimiter = () =>
  failed(
    "CSVEscapingRecordDelimiter",
    "A quoted record delimiter was found in the file. To allow quoted record delimiters, set "
      + "AllowQuotedRecordDelimiter to 'TRUE'.",
  );

/** The text of a stream of bytes, in pieces that end between characters. */
async function* texts(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: false });
  for await (const chunk of chunks) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

/** Reads fields sign by sign, so that a record may end anywhere in a piece. */
class CsvReader {
  private readonly form: CsvInput;
  private fields: string[] = [];
  private field = "";
  private isQuoted = false;
  private isFresh = true;
  private rest = "";

  constructor(form: CsvInput) {
    this.form = form;
  }

  *take(text: string, isLast: boolean): Generator<string[]> {
    const { fieldDelimiter, recordDelimiter, quote, escape, allowsQuotedDelimiters } = this.form;
    const input = this.rest + text;
    const longest = Math.max(recordDelimiter.length, 2);
    let at = 0;
    // A delimiter may be cut at the end of a piece: its beginning waits for the next one.
    const end = isLast ? input.length : Math.max(0, input.length - longest);
    while (at < end) {
      const sign = input[at] as string;
      if (this.isQuoted) {
        if (!allowsQuotedDelimiters && input.startsWith(recordDelimiter, at)) throw quotedDelimiter();
        const isEscaped = sign === escape && input[at + 1] === quote;
        if (isEscaped) this.field += quote;
        else if (sign === quote) this.isQuoted = false;
        else this.field += sign;
        at += isEscaped ? 2 : 1;
      } else if (sign === quote && this.isFresh) {
        [this.isQuoted, this.isFresh] = [true, false];
        at += 1;
      } else if (input.startsWith(recordDelimiter, at)) {
        yield* this.endRecord();
        at += recordDelimiter.length;
      } else if (sign === fieldDelimiter) {
        this.endField();
        at += 1;
      } else {
        this.field += sign;
        this.isFresh = false;
        at += 1;
      }
    }
    this.rest = input.slice(at);
    if (isLast && (this.fields.length > 0 || this.field !== "")) yield* this.endRecord();
  }

  private endField(): void {
    this.fields.push(this.field);
    [this.field, this.isFresh] = ["", true];
  }

  private *endRecord(): Generator<string[]> {
    // Files from Windows end their lines in two signs, of which the delimiter is the second.
    if (this.form.recordDelimiter === "\n" && this.field.endsWith("\r")) this.field = this.field.slice(0, -1);
    this.endField();
    const { fields } = this;
    this.fields = [];
    const isEmpty = fields.length === 1 && fields[0] === "";
    const { comment } = this.form;
    if (!isEmpty && !(comment !== "" && fields[0]?.startsWith(comment))) yield fields;
  }
}

async function* csvRows(chunks: AsyncIterable<Uint8Array>, form: CsvInput): AsyncGenerator<Row> {
  const reader = new CsvReader(form);
  let names: readonly string[] | undefined;
  let isFirst = true;
  const rowOf = (fields: readonly string[]): Row | undefined => {
    if (isFirst && form.header !== "none") {
      isFirst = false;
      if (form.header === "use") names = fields;
      return undefined;
    }
    isFirst = false;
    return Object.fromEntries(fields.map((field, at) => [names?.[at] ?? `_${at + 1}`, field]));
  };
  for await (const text of texts(chunks)) {
    for (const fields of reader.take(text, false)) {
      const row = rowOf(fields);
      if (row) yield row;
    }
  }
  for (const fields of reader.take("", true)) {
    const row = rowOf(fields);
    if (row) yield row;
  }
}

function parsed(text: string): Row {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const why = "Encountered an error parsing the JSON file. Check the file and try again.";
    throw Object.assign(failed("JSONParsingError", why), { cause });
  }
}

/** Several documents may follow one another: each ends where its outermost bracket does. */
class DocumentReader {
  private held = "";
  private scannedTo = 0;
  private depth = 0;
  private inText = false;
  private isEscaped = false;

  *take(text: string): Generator<Row> {
    this.held += text;
    for (; this.scannedTo < this.held.length; this.scannedTo += 1) {
      if (!this.step(this.held[this.scannedTo] as string)) continue;
      yield parsed(this.held.slice(0, this.scannedTo + 1));
      this.held = this.held.slice(this.scannedTo + 1);
      this.scannedTo = -1;
    }
  }

  *end(): Generator<Row> {
    if (this.held.trim() !== "") yield parsed(this.held);
  }

  /** True when the sign ends a document. */
  private step(sign: string): boolean {
    if (this.inText) {
      if (this.isEscaped) this.isEscaped = false;
      else if (sign === "\\") this.isEscaped = true;
      else if (sign === '"') this.inText = false;
      return false;
    }
    if (sign === '"') this.inText = true;
    else if (sign === "{" || sign === "[") this.depth += 1;
    else if (sign === "}" || sign === "]") {
      this.depth -= 1;
      return this.depth === 0;
    }
    return false;
  }
}

async function* jsonRows(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Row> {
  const reader = new DocumentReader();
  for await (const text of texts(chunks)) yield* reader.take(text);
  yield* reader.end();
}

/** The records of an object, one by one. Errors: `SelectFailed` */
export const recordsOf = (chunks: AsyncIterable<Uint8Array>, input: SelectInput): AsyncIterable<Row> =>
  "csv" in input ? csvRows(chunks, input.csv) : jsonRows(chunks);
