import type { Readable } from "node:stream";
import type { Peer, WireHeaders, WireResponse } from "../../protocols/wire.ts";

/** One request as it arrived, and the way to answer it; the same whoever took it off the wire. */
export interface Exchange {
  readonly method: string;
  /** Path and query as sent. */
  readonly url: string;
  readonly headers: WireHeaders;
  /** Bytes when the whole body came with the head or soon after, else a stream. */
  readonly body: Readable | Buffer;
  readonly isSecure: boolean;
  readonly peer: Peer;
  /** True when nobody is left to answer. */
  readonly isGone: boolean;
  /** Calls `listener` once, when the client has its answer, has gone, or sends no more, as one that goes does first. */
  onClosed(listener: () => void): void;
  /**
   * Sends the answer, in one write when its body is at hand. `onProblem` hears of a body that could not be sent whole.
   * Errors: throws when a header holds what HTTP forbids (a line break); nothing is sent then
   */
  send(answer: WireResponse, onProblem: (problem: Error) => void): void;
  /** Cuts the connection instead of answering. */
  destroy(): void;
}
