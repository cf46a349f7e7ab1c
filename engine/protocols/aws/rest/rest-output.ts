import type { Readable } from "node:stream";
import type { AwsOperation, Member, StructureShape } from "../model.ts";
import { remembered } from "../shapes.ts";
import { headerBytes, headerWriter } from "./header-values.ts";

type Output = Record<string, unknown>;

/** The parts of an operation's output that stand outside of the body: compiled once per structure. */
export interface RestOutput {
  readonly payload: Member | undefined;
  readonly hasBodyMembers: boolean;
  readonly statusMember: string | undefined;
  writeHeaders(output: Output, into: Record<string, string | number>): void;
}

function headerPutter(member: Member): (output: Output, into: Record<string, string | number>) => void {
  const { name, wireName } = member;
  if (member.location === "headers") {
    return (output, into) => {
      const entries = output[name] as Record<string, string> | undefined;
      for (const key in entries) into[wireName.toLowerCase() + key] = headerBytes(String(entries[key]));
    };
  }
  const write = headerWriter(member);
  const header = wireName.toLowerCase();
  return (output, into) => {
    const value = output[name];
    if (value !== undefined && value !== null) into[header] = write(value);
  };
}

export const restOutputOf = remembered((shape: StructureShape): RestOutput => {
  const members = Array.from(shape.members.values());
  const putters = members
    .filter((member) => member.location === "header" || member.location === "headers")
    .map(headerPutter);
  const payload = shape.payload === undefined ? undefined : shape.members.get(shape.payload);
  return {
    payload,
    hasBodyMembers: payload === undefined && members.some((member) => member.location === "body"),
    statusMember: members.find((member) => member.location === "statusCode")?.name,
    writeHeaders(output, into) {
      for (const put of putters) put(output, into);
    },
  };
});

export function statusOf(operation: AwsOperation, rest: RestOutput, output: Output): number {
  const own = rest.statusMember === undefined ? undefined : output[rest.statusMember];
  return typeof own === "number" ? own : operation.status;
}

/** A payload that is sent as it is: bytes, text, a stream. */
export function rawPayload(value: unknown): string | Uint8Array | Readable | undefined {
  return value as string | Uint8Array | Readable | undefined;
}
