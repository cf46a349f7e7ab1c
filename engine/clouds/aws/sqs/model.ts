import { createHash, hash } from "node:crypto";
import type { MessageAttributeValue } from "../../../models/aws/sqs.generated.ts";
import { AwsFailure } from "../../../protocols/aws/codec.ts";
import type { WireCall } from "../binding.ts";

interface QueueAddress {
  readonly account: string;
  readonly name: string;
}

export const queueArn = (queue: QueueAddress & { readonly region: string }) =>
  `arn:aws:sqs:${queue.region}:${queue.account}:${queue.name}`;
export const queueUrl = (call: WireCall, { account, name }: QueueAddress) => `${call.endpoint}/${account}/${name}`;

const URL_PATH = /\/([0-9]{12})\/([^/?#]+)\/?$/;

/** The queue that a URL names by account and name, whatever its host; a bare name is one in the caller's account. */
export function queueOf({ QueueUrl: url }: { readonly QueueUrl: string }): { queue: string; owner?: string } {
  const found = URL_PATH.exec(url);
  if (found !== null) return { queue: found[2] as string, owner: found[1] as string };
  if (!url.includes("/")) return { queue: url };
  throw new AwsFailure({
    code: "InvalidAddress",
    status: 400,
    message: `The address ${url} is not valid for this endpoint.`,
  });
}

const ARN = /^arn:aws[a-z-]*:sqs:([a-z0-9-]+):([0-9]{12}):([^:]+)$/;

/** The queue of an ARN; undefined for what is none. */
export function queueOfArn(arn: unknown): { account: string; region: string; name: string } | undefined {
  const [, region, account, name] = typeof arn === "string" ? (ARN.exec(arn) ?? []) : [];
  return region !== undefined && account !== undefined && name !== undefined ? { account, region, name } : undefined;
}

export const invalidParameter = (parameter: string, value: unknown, reason: string) =>
  new AwsFailure({
    code: "InvalidParameterValue",
    status: 400,
    message: `Value ${String(value)} for parameter ${parameter} is invalid. Reason: ${reason}`,
  });

/** The query protocol cannot say an empty list at all; JSON can, and hears the same. */
export const missingParameter = (parameter: string) =>
  new AwsFailure({
    code: "MissingParameter",
    status: 400,
    message: `The request must contain the parameter ${parameter}.`,
  });

/** FIFO sequence numbers have twenty digits, so that their text sorts as they do. */
const SEQUENCE_BASE = 18_800_000_000_000_000_000n;
export const sequenceNumber = (sequence: number) => String(SEQUENCE_BASE + BigInt(sequence));

export const md5 = (text: string) => hash("md5", text, "hex");

const lengthAndBytes = (value: string | Uint8Array): Buffer[] => {
  const bytes = Buffer.from(value as string);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return [length, bytes];
};
const TEXT = Buffer.from([1]);
const BINARY = Buffer.from([2]);

/**
 * The digest that clients compare with their own; undefined without attributes.
 * Source: SQS Developer Guide, "Calculating the MD5 message digest for message attributes"
 */
export function md5OfAttributes(
  attributes: Readonly<Record<string, MessageAttributeValue>> | undefined,
): string | undefined {
  if (attributes === undefined) return undefined;
  const entries = Object.entries(attributes).toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) return undefined;
  const digest = createHash("md5");
  for (const [name, { DataType, StringValue, BinaryValue }] of entries) {
    const value = BinaryValue ?? StringValue ?? "";
    const parts = [
      ...lengthAndBytes(name),
      ...lengthAndBytes(DataType),
      typeof value === "string" ? TEXT : BINARY,
      ...lengthAndBytes(value),
    ];
    for (const part of parts) digest.update(part);
  }
  return digest.digest("hex");
}
