import type { OperationCall } from "./operation-call.ts";
import type { Clock } from "../platform/clock.ts";
import type { Ids } from "../platform/ids.ts";
import type { Random } from "../platform/random.ts";
import type { BlobStore, StoredBody } from "../kernel/blobs.ts";

/** Whose resources a call touches. Two scopes never see each other. */
export interface Scope {
  readonly account: string;
  readonly region: string;
}

/** Accounts have twelve digits. */
export const isAccount = (text: string): boolean => /^\d{12}$/.test(text);

/** Of callers who do not say. */
export const DEFAULT_SCOPE: Scope = { account: "000000000000", region: "us-east-1" };

/** Who calls. */
export interface Caller {
  /** The caller's name in its cloud, e.g. an ARN; `cloudstack` for the engine's own doors. */
  readonly principal: string;
}

/**
 * What every operation is given beside its input. Nothing in it may be called for an effect outside the transaction.
 */
export interface OperationContext<Ports = unknown> extends Scope {
  readonly caller: Caller;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly random: Random;
  /** Ties log lines, events and wire answers of one request together. */
  readonly requestId: string;
  /** What the service declared in `uses`, filled by the composition root; runs in the same transaction. */
  readonly ports: Ports;
  /** The body that was streamed in before the transaction began (operations with `body: "in"`). */
  readonly body?: StoredBody;
  /** Of a handler whose operations somebody wants to know of: called before each; what it throws is its failure. */
  readonly pass?: ((call: OperationCall) => void) | undefined;
  /** For operations that must join or measure stored bodies outside any transaction; see `Operation.prepare`. */
  readonly blobs?: BlobStore;
}
