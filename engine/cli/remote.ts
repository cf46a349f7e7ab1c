import type { CommandEvent } from "../gateway/commands.ts";
import { ServiceError, type ErrorKind } from "../services/errors.ts";
import { Failure } from "./failure.ts";

export interface RemoteCall {
  readonly name: string;
  readonly input: unknown;
  readonly account?: string | undefined;
  readonly region?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** One line of the answer of `POST /_cloudstack/commands/<name>`. */
type Line = { readonly event: CommandEvent } | { readonly result: unknown } | { readonly error: RemoteError };
interface RemoteError {
  readonly code: string;
  readonly kind: ErrorKind;
  readonly message: string;
  readonly details: Record<string, unknown>;
}

/** Sends a command to a running server and follows its events. */
export async function callRemote(
  endpoint: string,
  call: RemoteCall,
  onEvent: (event: CommandEvent) => void,
): Promise<unknown> {
  const response = await fetch(`${endpoint}/_cloudstack/commands/${call.name}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(call.account !== undefined && { "x-cloudstack-account": call.account }),
      ...(call.region !== undefined && { "x-cloudstack-region": call.region }),
    },
    body: JSON.stringify(call.input ?? {}),
    ...(call.signal && { signal: call.signal }),
  }).catch((cause: Error) => {
    throw new Failure(
      `No engine answers at ${endpoint}.`,
      ["Start one: cloudstack start", "Or unset CLOUDSTACKS_ENDPOINT to work on the data directory."],
      cause,
    );
  });
  if (!response.body) throw new Failure(`${endpoint} gave no answer to "${call.name}".`);
  let rest = "";
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const text of lines) {
      const line = readLine(text, endpoint);
      if ("result" in line) return line.result;
      if ("error" in line)
        throw new ServiceError(line.error.code, line.error.kind, line.error.message, line.error.details);
      onEvent(line.event);
    }
  }
  const last = rest === "" ? undefined : readLine(rest, endpoint);
  if (last && "error" in last)
    throw new ServiceError(last.error.code, last.error.kind, last.error.message, last.error.details);
  throw new Failure(`The engine at ${endpoint} stopped before "${call.name}" was done.`, [
    "The next command on it settles what was begun.",
  ]);
}

function readLine(text: string, endpoint: string): Line {
  try {
    return JSON.parse(text) as Line;
  } catch (cause) {
    throw new Failure(`${endpoint} is not a CloudStacks engine: it answered "${text.slice(0, 80)}".`, [], cause);
  }
}
