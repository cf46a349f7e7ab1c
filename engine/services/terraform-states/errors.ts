import { defineErrors } from "../errors.ts";
import type { Lock } from "./model.ts";

const inWords = ({ id, who, operation }: Lock): string =>
  `${id}${who === undefined ? "" : ` by ${who}`}${operation === undefined ? "" : ` for ${operation}`}`;

export const errors = defineErrors({
  StateNotFound: {
    kind: "notFound",
    message: (p: { state: string }) => `There is no state "${p.state}".`,
  },
  VersionNotFound: {
    kind: "notFound",
    message: (p: { state: string; number: number }) => `State "${p.state}" has no version ${p.number}.`,
  },
  StateLocked: {
    kind: "conflict",
    message: (p: { state: string; lock: Lock }) => `State "${p.state}" is locked: ${inWords(p.lock)}.`,
  },
  LockNotHeld: {
    kind: "conflict",
    message: (p: { state: string; lockId: string }) =>
      `Lock ${p.lockId} does not hold state "${p.state}" any more: somebody has broken it.`,
  },
  StateTooLarge: {
    kind: "invalidInput",
    message: (p: { sizeBytes: number; limitBytes: number }) =>
      `The state has ${p.sizeBytes} bytes; ${p.limitBytes} are the most.`,
  },
  DigestMismatch: {
    kind: "invalidInput",
    message: (p: { wanted: string; md5: string }) =>
      `The state was damaged on its way: its MD5 is ${p.md5}, and should be ${p.wanted}.`,
  },
});
