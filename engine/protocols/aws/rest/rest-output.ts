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

function headerPutter(member: Member): (value: unknown, into: Record<string, string | number>) => void {
  const header = member.wireName.toLowerCase();
  if (member.location === "headers") {
    return (value, into) => {
      const entries = value as Record<string, string>;
      for (const key in entries) into[header + key] = headerBytes(String(entries[key]));
    };
  }
  const write = headerWriter(member);
  return (value, into) => {
    into[header] = write(value);
  };
}

export const restOutputOf = remembered((shape: StructureShape): RestOutput => {
  const members = Array.from(shape.members.values());
  const putters = new Map(
    members
      .filter((member) => member.location === "header" || member.location === "headers")
      .map((member) => [member.name, headerPutter(member)]),
  );
  const payload = shape.payload === undefined ? undefined : shape.members.get(shape.payload);
  return {
    payload,
    hasBodyMembers: payload === undefined && members.some((member) => member.location === "body"),
    statusMember: members.find((member) => member.location === "statusCode")?.name,
    writeHeaders(output, into) {
      // By what is there: asking for each of an object's 40 possible members took 6 us.
      for (const name in output) {
        const value = output[name];
        if (value !== undefined && value !== null) putters.get(name)?.(value, into);
      }
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
