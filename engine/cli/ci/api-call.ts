import { Failure } from "../failure.ts";

export interface ApiCall {
  readonly method: "GET" | "POST" | "PUT" | "PATCH";
  readonly url: string;
  /** With the token; never shown. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: object;
  /** What to do about a status, by the status. */
  readonly cures: Readonly<Record<number, string>>;
}

/** Calls a service's API. Errors: `Failure` with its own words for what went wrong, and never the token */
export async function callApi<T>({ method, url, headers, body, cures }: ApiCall): Promise<T> {
  const about = `${method} ${url.replace(/\?.*$/, "")}`;
  const answer = await fetch(url, {
    method,
    headers: { ...headers, "user-agent": "cloudstack", ...(body && { "content-type": "application/json" }) },
    ...(body && { body: JSON.stringify(body) }),
  }).catch((problem: Error) => {
    const { cause } = problem as { readonly cause?: Error };
    throw new Failure(`${about} got no answer: ${cause?.message ?? problem.message}`);
  });
  const text = await answer.text();
  if (answer.ok) return JSON.parse(text) as T;
  const cure = cures[answer.status];
  throw new Failure(`${about} answered ${answer.status}: ${messageIn(text)}`, cure === undefined ? [] : [cure]);
}

/** Both services say what is wrong in `message`, now and then in `error`. */
function messageIn(text: string): string {
  try {
    const { message, error } = JSON.parse(text) as { readonly message?: unknown; readonly error?: unknown };
    const told = message ?? error;
    return typeof told === "string" ? told : JSON.stringify(told ?? text);
  } catch {
    // A proxy's page: its beginning says enough.
    return text.slice(0, 200).trim() || "nothing more";
  }
}
