import { Readable } from "node:stream";
import { AwsFailure } from "../codec.ts";

/** Fields before the file may be this large together, names and values. Source: S3 API Reference, POST Object. */
const FIELDS_BYTES_MAX = 20_480;

export interface UploadForm {
  /** By lower-case name, without the file. */
  readonly fields: ReadonlyMap<string, string>;
  /** As the browser names it, without folders. */
  readonly fileName: string;
  /** Ends where the part does; what follows it in the form is read and ignored, as S3 does. */
  readonly file: Readable;
}

const malformedForm = () =>
  new AwsFailure({
    code: "MalformedPOSTRequest",
    status: 400,
    message: "The body of your POST request is not well-formed multipart/form-data.",
  });
const fieldsTooLarge = () =>
  new AwsFailure({
    code: "MaxPostPreDataLengthExceeded",
    status: 400,
    message: "Your POST request fields preceding the upload file were too large.",
  });
const noFile = () =>
  new AwsFailure({
    code: "InvalidArgument",
    status: 400,
    message: "POST requires exactly one file upload per request.",
    members: { ArgumentName: "file", ArgumentValue: "0" },
  });

/** Takes a stream apart at marks, holding no more than a chunk and a mark. */
class Cutter {
  readonly #chunks: AsyncIterator<Buffer>;
  #held: Buffer = Buffer.alloc(0);

  constructor(body: Readable) {
    // The connection outlives a form that is refused half-way: the answer still has to go out.
    this.#chunks = body.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>;
  }

  /** The bytes up to `mark`, which is passed over. Errors: `MalformedPOSTRequest` when it does not come */
  async *until(mark: string): AsyncGenerator<Buffer> {
    for (;;) {
      const at = this.#held.indexOf(mark);
      if (at >= 0) {
        const part = this.#held.subarray(0, at);
        this.#held = this.#held.subarray(at + mark.length);
        if (part.length > 0) yield part;
        return;
      }
      const safe = this.#held.length - mark.length + 1;
      if (safe > 0) {
        const part = this.#held.subarray(0, safe);
        this.#held = this.#held.subarray(safe);
        yield part;
      }
      await this.#pull();
    }
  }

  async textUntil(mark: string, bytesMax: number): Promise<string> {
    const parts: Buffer[] = [];
    let sizeBytes = 0;
    for await (const part of this.until(mark)) {
      sizeBytes += part.length;
      if (sizeBytes > bytesMax) throw fieldsTooLarge();
      parts.push(part);
    }
    return Buffer.concat(parts).toString("utf8");
  }

  async drain(): Promise<void> {
    while ((await this.#chunks.next()).done !== true) this.#held = Buffer.alloc(0);
  }

  async #pull(): Promise<void> {
    const { value, done } = await this.#chunks.next();
    if (done === true) throw malformedForm();
    this.#held = this.#held.length === 0 ? value : Buffer.concat([this.#held, value]);
  }
}

const parameterOf = (header: string, name: string) => {
  const [, quoted, plain] = new RegExp(`[;\\s]${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^;\\s]+))`, "i").exec(header) ?? [];
  return quoted?.replaceAll(String.raw`\"`, `"`).replaceAll("%22", '"') ?? plain;
};

/** Reads a browser's form up to its file. Errors: `AwsFailure` for a body that is no such form */
export async function readUploadForm(contentType: string, body: Readable): Promise<UploadForm> {
  const boundary = parameterOf(contentType, "boundary");
  if (boundary === undefined) throw malformedForm();
  const cutter = new Cutter(body);
  const fields = new Map<string, string>();
  let leftBytes = FIELDS_BYTES_MAX;
  await cutter.textUntil(`--${boundary}`, leftBytes);
  for (;;) {
    const head = await cutter.textUntil("\r\n", leftBytes);
    if (head.startsWith("--")) throw noFile();
    const headers = await headersOf(cutter, leftBytes);
    const disposition = headers.find((line) => /^content-disposition:/i.test(line)) ?? "";
    const name = parameterOf(disposition, "name")?.toLowerCase();
    if (name === undefined) throw malformedForm();
    if (name === "file") return { fields, fileName: fileNameOf(disposition), file: fileOf(cutter, boundary) };
    const value = await cutter.textUntil(`\r\n--${boundary}`, leftBytes);
    leftBytes -= Buffer.byteLength(name) + Buffer.byteLength(value);
    if (leftBytes < 0) throw fieldsTooLarge();
    fields.set(name, value);
  }
}

async function headersOf(cutter: Cutter, bytesMax: number): Promise<readonly string[]> {
  const lines: string[] = [];
  for (;;) {
    const line = await cutter.textUntil("\r\n", bytesMax);
    if (line === "") return lines;
    lines.push(line);
    if (lines.length > 16) throw malformedForm();
  }
}

const fileNameOf = (disposition: string) => (parameterOf(disposition, "filename") ?? "").replace(/^.*[\\/]/, "");

function fileOf(cutter: Cutter, boundary: string): Readable {
  async function* bytes() {
    yield* cutter.until(`\r\n--${boundary}`);
    await cutter.drain();
  }
  return Readable.from(bytes(), { objectMode: false });
}
