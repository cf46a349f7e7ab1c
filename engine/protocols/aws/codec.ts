import type { Eventually } from "../../platform/eventually.ts";
import type { WireRequest, WireResponse } from "../wire.ts";
import type { Credential } from "./credential.ts";
import type { ChunkSeed } from "./signature.ts";
import type { AwsModel, AwsOperation, AwsProtocol, AwsWireFailure } from "./model.ts";

/** What dispatch found out about a request before its body was read. */
export interface AwsRoute {
  readonly model: AwsModel;
  readonly operation: AwsOperation;
  readonly protocol: AwsProtocol;
  /** For json: the version the client spoke. */
  readonly jsonVersion?: "1.0" | "1.1";
  /** Decoded URI labels of REST templates (`Bucket`, `Key`). */
  readonly labels: Readonly<Record<string, string>>;
  /** query and ec2: the form, read already since dispatch needed `Action`. */
  readonly form?: URLSearchParams;
  /** Who signed, as far as the request says. */
  readonly credential?: Credential | undefined;
  /** Where signatures are checked and the body is signed chunk by chunk: what its first signature follows. */
  readonly chunkSeed?: ChunkSeed | undefined;
}

/**
 * One protocol. Values in between are plain: structures as objects by member name, blobs as Uint8Array,
 * timestamps as Date, long as number (bigint beyond 2^53), maps as objects, streaming members as Readable.
 * Absent members are absent, never null.
 */
export interface Codec {
  /** Throws `AwsFailure` for a body that is not what the protocol allows. */
  parse(route: AwsRoute, request: WireRequest): Eventually<Record<string, unknown>>;
  serialize(route: AwsRoute, output: Record<string, unknown>, requestId: string): WireResponse;
  /** The operation, where it is known: a HEAD has no body. */
  serializeFailure(route: FailureForm, failure: AwsWireFailure, requestId: string): WireResponse;
}

/** What a failure's form depends on; the rest of a route may be unknown when dispatch itself failed. */
export type FailureForm = Pick<AwsRoute, "protocol" | "jsonVersion"> & Partial<Pick<AwsRoute, "model" | "operation">>;

/** Thrown by dispatch, parsing, validation and bindings; everything else is an internal error. */
export class AwsFailure extends Error {
  override name = "AwsFailure";
  readonly failure: AwsWireFailure;
  /** Set by dispatch: the protocol the client spoke, as far as it could be told. */
  readonly form: FailureForm | undefined;
  constructor(
    failure: Omit<AwsWireFailure, "fault"> & { fault?: "client" | "server" }, cause?: unknown, form?: FailureForm,
  ) {
    super(`${failure.code}: ${failure.message}`, cause === undefined ? undefined : { cause });
    this.form = form;
    this.failure = { fault: failure.status >= 500 ? "server" : "client", ...failure };
  }
}
