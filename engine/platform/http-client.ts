/** Requests that the engine itself makes, to endpoints its users name. */
export interface HttpClient {
  /**
   * Posts a body and gives the status of the answer, whose body is not read.
   * Errors: whatever keeps an answer from coming (no connection, no answer in time)
   */
  post(url: string, request: HttpPost): Promise<HttpAnswer>;
}

export interface HttpAnswer {
  readonly status: number;
  /** What the endpoint asks who it does not know: its `WWW-Authenticate`. */
  readonly challenge?: string;
}

export interface HttpPost {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs: number;
  /** Ends the request: nobody waits for its answer any more. */
  readonly signal?: AbortSignal;
}

export function systemHttpClient(): HttpClient {
  return {
    async post(url, { headers, body, timeoutMs, signal: given }) {
      const timeout = AbortSignal.timeout(timeoutMs);
      const signal = given === undefined ? timeout : AbortSignal.any([timeout, given]);
      const response = await fetch(url, { method: "POST", headers, body, signal, redirect: "manual" });
      await response.body?.cancel();
      const challenge = response.headers.get("www-authenticate");
      return { status: response.status, ...(challenge !== null && { challenge }) };
    },
  };
}
