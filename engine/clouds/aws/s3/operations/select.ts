import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import type {
  InputSerialization,
  OutputSerialization,
  S3Operations,
  SelectObjectContentRequest,
} from "../../../../models/aws/s3.generated.ts";
import { AwsFailure } from "../../../../protocols/aws/codec.ts";
import { errorMessage, eventMessage } from "../../../../protocols/aws/event-stream.ts";
import { ServiceError } from "../../../../services/errors.ts";
import {
  objects,
  select,
  type SelectInput,
  type Selection,
  type SelectOutput,
} from "../../../../services/objects/service.ts";
import { bind } from "../../binding.ts";
import { customerKeyMembers, versionRef } from "../model.ts";
import { badArgument, malformedXml } from "../rules/faults.ts";
import { refuseMembers } from "../refusals.ts";

/** Records are sent together until they are this long. */
const BATCH_CHARACTERS = 64 * 1024;

const HEADERS = { USE: "use", IGNORE: "ignore", NONE: "none" } as const;

function inputOf(wire: InputSerialization): SelectInput {
  refuseMembers(wire, "Parquet");
  const { CSV: csv, JSON: json } = wire;
  if ((csv === undefined) === (json === undefined)) throw malformedXml();
  if (json) {
    if (json.Type !== "DOCUMENT" && json.Type !== "LINES") throw malformedXml();
    return { json: json.Type === "LINES" ? "lines" : "document" };
  }
  const header = HEADERS[(csv?.FileHeaderInfo ?? "NONE") as keyof typeof HEADERS];
  if (!header) throw badArgument("The FileHeaderInfo is invalid. Only NONE, USE, and IGNORE are supported.");
  return {
    csv: {
      header,
      fieldDelimiter: csv?.FieldDelimiter ?? ",",
      recordDelimiter: csv?.RecordDelimiter ?? "\n",
      quote: csv?.QuoteCharacter ?? '"',
      escape: csv?.QuoteEscapeCharacter ?? '"',
      comment: csv?.Comments ?? "#",
      allowsQuotedDelimiters: csv?.AllowQuotedRecordDelimiter === true,
    },
  };
}

function outputOf({ CSV: csv, JSON: json }: OutputSerialization): SelectOutput {
  if ((csv === undefined) === (json === undefined)) throw malformedXml();
  if (json) return { json: { recordDelimiter: json.RecordDelimiter ?? "\n" } };
  return {
    csv: {
      fieldDelimiter: csv?.FieldDelimiter ?? ",",
      recordDelimiter: csv?.RecordDelimiter ?? "\n",
      quote: csv?.QuoteCharacter ?? '"',
      escape: csv?.QuoteEscapeCharacter ?? '"',
      quotesAlways: csv?.QuoteFields === "ALWAYS",
    },
  };
}

/** Ranges are of what has lines as it lies there: S3 does not look for records within packed or quoted ones. */
function rangeOf({ ScanRange, InputSerialization: input }: SelectObjectContentRequest): Selection["range"] {
  if (!ScanRange) return undefined;
  const { Start: start, End: end } = ScanRange;
  const isEmpty = start === undefined && end === undefined;
  if (isEmpty || (start ?? 0) < 0 || (end ?? 0) < 0 || (start ?? 0) > (end ?? Infinity))
    throw new AwsFailure({ code: "InvalidScanRange", status: 400, message: "The provided scan range is not valid." });
  const isPacked = (input.CompressionType ?? "NONE") !== "NONE";
  if (isPacked || input.JSON?.Type === "DOCUMENT" || input.CSV?.AllowQuotedRecordDelimiter)
    throw new AwsFailure({
      code: "UnsupportedScanRangeInput",
      status: 400,
      message: "Scan range queries are not supported on this type of object.",
    });
  return { start, end };
}

function selectionOf(wire: SelectObjectContentRequest): Selection {
  if (wire.ExpressionType !== "SQL")
    throw new AwsFailure({
      code: "InvalidExpressionType",
      status: 400,
      message: "The ExpressionType is invalid. Only SQL expressions are supported.",
    });
  return {
    expression: wire.Expression,
    range: rangeOf(wire),
    input: inputOf(wire.InputSerialization),
    output: outputOf(wire.OutputSerialization),
  };
}

const COMPRESSIONS: ReadonlySet<string> = new Set(["NONE", "GZIP"]);
function checkCompression(wire: InputSerialization): boolean {
  const compression = wire.CompressionType ?? "NONE";
  if (compression === "BZIP2") refuseMembers(wire, "CompressionType");
  if (!COMPRESSIONS.has(compression))
    throw new AwsFailure({
      code: "InvalidCompressionFormat",
      status: 400,
      message: "The file is not in a supported compression format. Only GZIP and BZIP2 are supported.",
    });
  return compression === "GZIP";
}

/** Counts what passes. */
class Meter {
  bytes = 0;
  async *of(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      this.bytes += chunk.byteLength;
      yield chunk;
    }
  }
}

const statsOf = (scanned: number, processed: number, returned: number): Buffer =>
  Buffer.from(
    `<Stats><BytesScanned>${scanned}</BytesScanned><BytesProcessed>${processed}</BytesProcessed>`
      + `<BytesReturned>${returned}</BytesReturned></Stats>`,
  );

/** The answer of a query as its events: records, figures, the end; or the failure it ended with. */
async function* eventsOf(
  body: Readable,
  wire: SelectObjectContentRequest,
  { sizeBytes, wantsProgress }: { readonly sizeBytes: number; readonly wantsProgress: boolean },
): AsyncGenerator<Buffer> {
  const [scanned, processed] = [new Meter(), new Meter()];
  const isPacked = checkCompression(wire.InputSerialization);
  const raw = Readable.from(scanned.of(body as AsyncIterable<Uint8Array>), { objectMode: false });
  // Whoever reads hears what goes wrong on either side, and lets go of both.
  const plain = isPacked ? pipeline(raw, createGunzip(), () => undefined) : raw;
  plain.once("close", () => body.destroy());
  let held = "";
  let returnedBytes = 0;
  const flushed = (): Buffer => {
    const payload = Buffer.from(held);
    returnedBytes += payload.byteLength;
    held = "";
    return eventMessage("Records", "application/octet-stream", payload);
  };
  try {
    for await (const text of select(processed.of(plain as AsyncIterable<Uint8Array>), selectionOf(wire), sizeBytes)) {
      held += text;
      if (held.length >= BATCH_CHARACTERS) yield flushed();
    }
    if (held !== "") yield flushed();
    const stats = statsOf(scanned.bytes, processed.bytes, returnedBytes);
    if (wantsProgress)
      yield eventMessage("Progress", "text/xml", Buffer.from(stats.toString().replaceAll("Stats>", "Progress>")));
    yield eventMessage("Stats", "text/xml", stats);
    yield eventMessage("End", undefined, new Uint8Array());
  } catch (problem) {
    yield failureOf(problem);
  }
}

function failureOf(problem: unknown): Buffer {
  if (problem instanceof ServiceError && problem.code === "SelectFailed")
    return errorMessage(String(problem.details["code"]), problem.message);
  if (problem instanceof ServiceError) return errorMessage("ParseUnexpectedToken", problem.message);
  if ((problem as NodeJS.ErrnoException).code?.startsWith("Z_"))
    return errorMessage("InvalidCompressionFormat", "The file is not in the compression format that was stated.");
  throw problem;
}

export const selectBindings = bind<S3Operations>()(objects, {
  SelectObjectContent: {
    to: "selectObject",
    in: (w) => {
      checkCompression(w.InputSerialization);
      return { ...versionRef(w), ...customerKeyMembers(w), expression: selectionOf(w).expression };
    },
    out: () => ({}),
    bodyOut: "Payload",
    through: (body, w, { sizeBytes }) => {
      const wantsProgress = w.RequestProgress?.Enabled === true;
      return Readable.from(eventsOf(body, w, { sizeBytes, wantsProgress }), { objectMode: false });
    },
  },
});
