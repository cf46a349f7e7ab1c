import { AwsFailure } from "./codec.ts";

/** Input that is not what the model or the format allows. Codecs turn it into their protocol's failure. */
export class MalformedInput extends Error {
  override name = "MalformedInput";
}

export function malformed(message: string, cause?: unknown): never {
  throw new MalformedInput(message, cause === undefined ? undefined : { cause });
}

/** Nesting that no real request reaches; deeper input is refused before it can exhaust the stack. */
export const DEPTH_MAX = 128;

/** Runs `read`; a `MalformedInput` becomes the failure that `code` names, status 400. */
export async function refusingMalformed<T>(code: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (!(cause instanceof MalformedInput)) throw cause;
    throw new AwsFailure({ code, status: 400, message: cause.message }, cause);
  }
}
