import type { CommandEvent } from "../gateway/commands.ts";
import { FORK_HEADER } from "../gateway/forks/fork-facts.ts";
import { ServiceError, type ErrorKind } from "../services/errors.ts";
import { Failure } from "./failure.ts";

interface RemoteScope {
  readonly account?: string | undefined;
  readonly region?: string | undefined;
  readonly fork?: string | undefined;
}

export interface RemoteCall extends RemoteScope {
  readonly name: string;
  readonly input: unknown;
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
    headers: { "content-type": "application/json", ...scopeHeaders(call) },
    body: JSON.stringify(call.input ?? {}),
    ...(call.signal && { signal: call.signal }),
  }).catch((cause: Error) => noAnswer(endpoint, cause));
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

const scopeHeaders = ({ account, region, fork }: RemoteScope) => ({
  ...(fork !== undefined && { [FORK_HEADER]: fork }),
  ...(account !== undefined && { "x-cloudstack-account": account }),
  ...(region !== undefined && { "x-cloudstack-region": region }),
});

function noAnswer(endpoint: string, cause: Error): never {
  throw new Failure(
    `No engine answers at ${endpoint}.`,
    ["Start one: cloudstack start", "Or unset CLOUDSTACKS_ENDPOINT to work on the data directory."],
    cause,
  );
}

export interface OperationCall extends RemoteScope {
  readonly service: string;
  readonly operation: string;
  readonly input: object;
  /** Of an operation that takes one. */
  readonly body?: Uint8Array | undefined;
}

/** Calls an operation of a running server by its native API. Errors: `ServiceError` as the server gave it */
export async function callOperation(endpoint: string, call: OperationCall): Promise<unknown> {
  const response = await sendOperation(endpoint, call);
  return readAnswer(await response.text(), endpoint);
}

/** The same of an operation that gives a body. Errors: `ServiceError` as the server gave it */
export async function readOperation(endpoint: string, call: OperationCall): Promise<Buffer> {
  const response = await sendOperation(endpoint, call);
  return Buffer.from(await response.arrayBuffer());
}

async function sendOperation(endpoint: string, call: OperationCall): Promise<Response> {
  const { service, operation, input, body } = call;
  const url = new URL(`/_cloudstack/api/${service}/${operation}`, endpoint);
  if (body !== undefined) url.searchParams.set("input", JSON.stringify(input));
  const type = body === undefined ? "application/json" : "application/octet-stream";
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": type, ...scopeHeaders(call) },
    body: body === undefined ? JSON.stringify(input) : new Uint8Array(body),
  }).catch((cause: Error) => noAnswer(endpoint, cause));
  if (response.ok) return response;
  const answer = readAnswer(await response.text(), endpoint);
  const { code, kind, message, details = {} } = (answer as { readonly error: RemoteError }).error;
  throw new ServiceError(code, kind, message, details);
}

/** What a server says of itself to whoever asks. */
export async function healthOf(endpoint: string): Promise<{ readonly checksSignatures: boolean }> {
  const response = await fetch(new URL("/_cloudstack/health", endpoint)).catch((cause: Error) =>
    noAnswer(endpoint, cause),
  );
  return readAnswer(await response.text(), endpoint) as { readonly checksSignatures: boolean };
}

function readAnswer(text: string, endpoint: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Failure(`${endpoint} is not a CloudStacks engine: it answered "${text.slice(0, 80)}".`, [], cause);
  }
}

const readLine = (text: string, endpoint: string) => readAnswer(text, endpoint) as Line;
