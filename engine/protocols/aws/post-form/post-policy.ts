import { Transform, type Readable, type TransformCallback } from "node:stream";
import { AwsFailure } from "../codec.ts";

/** What a POST policy allows. Source: S3 API Reference, "Creating a POST Policy". */
interface Policy {
  readonly expiration: string;
  readonly conditions: readonly Condition[];
}
type Condition =
  | Readonly<Record<string, string>>
  | readonly ["eq" | "starts-with", string, string]
  | readonly ["content-length-range", number, number];

export interface SizeRange {
  readonly bytesMin: number;
  readonly bytesMax: number;
}

/** Fields that a policy need not name. */
const FREE = new Set(["policy", "x-amz-signature", "signature", "awsaccesskeyid", "file"]);

const denied = (message: string) =>
  new AwsFailure({ code: "AccessDenied", status: 403, message: `Invalid according to Policy: ${message}` });
const invalid = (message: string, cause?: unknown) =>
  new AwsFailure({ code: "InvalidPolicyDocument", status: 400, message: `Invalid Policy: ${message}` }, cause);

function policyOf(encoded: string): Policy {
  let document: unknown;
  try {
    document = JSON.parse(Buffer.from(encoded, "base64").toString("utf8"));
  } catch (cause) {
    throw invalid("Invalid JSON.", cause);
  }
  const { expiration, conditions } = (document ?? {}) as Partial<Policy>;
  if (typeof expiration !== "string" || Number.isNaN(Date.parse(expiration))) throw invalid("Invalid 'expiration'.");
  if (!Array.isArray(conditions)) throw invalid("Invalid 'conditions'.");
  return { expiration, conditions: conditions as readonly Condition[] };
}

/**
 * Compares a form with its policy.
 * Shape:  the sizes that the file may have, when the policy says so
 * Errors: `AccessDenied`, `InvalidPolicyDocument`
 */
export function checkPolicy(
  encoded: string,
  fields: ReadonlyMap<string, string>,
  nowMs: number,
): SizeRange | undefined {
  const { expiration, conditions } = policyOf(encoded);
  if (nowMs >= Date.parse(expiration)) throw denied("Policy expired.");
  const named = new Set<string>(["bucket"]);
  let sizes: SizeRange | undefined;
  const compare = (kind: string, field: string, wanted: string) => {
    named.add(field);
    const value = fields.get(field) ?? "";
    if (kind === "eq" ? value === wanted : value.startsWith(wanted)) return;
    throw denied(`Policy Condition failed: ["${kind}", "$${field}", "${wanted}"]`);
  };
  for (const condition of conditions) {
    if (!isList(condition)) {
      for (const [field, wanted] of Object.entries(condition)) compare("eq", field.toLowerCase(), String(wanted));
      continue;
    }
    const [kind, first, second] = condition;
    if (String(kind).toLowerCase() === "content-length-range") {
      sizes = { bytesMin: Number(first), bytesMax: Number(second) };
    } else if (kind === "eq" || kind === "starts-with") {
      compare(kind, String(first).replace(/^\$/, "").toLowerCase(), String(second));
    } else {
      throw invalid(`Invalid Condition: unknown operation '${String(kind)}'.`);
    }
  }
  const extra = [...fields.keys()].filter(
    (field) => !named.has(field) && !FREE.has(field) && !field.startsWith("x-ignore-"),
  );
  if (extra.length > 0) throw denied(`Extra input fields: ${extra.join(",")}`);
  return sizes;
}

const isList = (condition: Condition): condition is Extract<Condition, readonly unknown[]> => Array.isArray(condition);

/** Lets a file through whose size lies in the range; another one fails before its last byte. */
export class SizedFile extends Transform {
  readonly #range: SizeRange;
  #sizeBytes = 0;

  constructor(file: Readable, range: SizeRange) {
    super();
    this.#range = range;
    file.on("error", (cause) => this.destroy(cause));
    file.pipe(this);
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#sizeBytes += chunk.length;
    const { bytesMax } = this.#range;
    if (this.#sizeBytes <= bytesMax) return done(null, chunk);
    const message = "Your proposed upload exceeds the maximum allowed size";
    const members = { ProposedSize: this.#sizeBytes, MaxSizeAllowed: bytesMax };
    return done(new AwsFailure({ code: "EntityTooLarge", status: 400, message, members }));
  }

  override _flush(done: TransformCallback): void {
    const { bytesMin } = this.#range;
    if (this.#sizeBytes >= bytesMin) return done();
    const message = "Your proposed upload is smaller than the minimum allowed size";
    const members = { ProposedSize: this.#sizeBytes, MinSizeAllowed: bytesMin };
    return done(new AwsFailure({ code: "EntityTooSmall", status: 400, message, members }));
  }
}
