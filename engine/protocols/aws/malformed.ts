import { refusing, type Eventually } from "../../platform/eventually.ts";
import { AwsFailure } from "./codec.ts";

/** Input that is not what the model or the format allows. Codecs turn it into their protocol's failure. */
export class MalformedInput extends Error {
  override name = "MalformedInput";
}

/** Text that should be an integer that its shape can hold. */
export class MalformedInteger extends MalformedInput {
  override name = "MalformedInteger";
}

/** A parameter of the head (query or header) that cannot be read, for services that name it. */
export class MalformedParameter extends MalformedInput {
  override name = "MalformedParameter";
  readonly parameter: string;
  readonly value: string;
  constructor(parameter: string, value: string, cause: MalformedInput) {
    super(cause.message, { cause });
    this.parameter = parameter;
    this.value = value;
  }
}

/** Reads one parameter of the head. */
export function readParameter<T>(parameter: string, text: string, read: (text: string) => T): T {
  try {
    return read(text);
  } catch (cause) {
    throw cause instanceof MalformedInput ? new MalformedParameter(parameter, text, cause) : cause;
  }
}

export function malformed(message: string, cause?: unknown): never {
  throw new MalformedInput(message, cause === undefined ? undefined : { cause });
}

/** Nesting that no real request reaches; deeper input is refused before it can exhaust the stack. */
export const DEPTH_MAX = 128;

/** Runs `read`; a `MalformedInput` becomes the failure that `code` names, status 400. */
export function refusingMalformed<T>(code: string, read: () => Eventually<T>): Eventually<T> {
  return refusing(read, (cause) => {
    if (!(cause instanceof MalformedInput)) throw cause;
    throw new AwsFailure({ code, status: 400, message: cause.message }, cause);
  });
}
