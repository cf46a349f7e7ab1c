import type { Static, TSchema } from "typebox";
import type { BlobStore, Digester, ByteRange, StoredBody } from "../kernel/blobs.ts";
import type { OpenSeal } from "../kernel/sealed-body.ts";
import type { Key, KeyRange, Reader, Store, Transaction } from "../kernel/store.ts";
import type { OperationContext, Scope } from "./context.ts";

/** `read` gets a consistent view; `write` a transaction that may be run again on a conflict. */
export type Effects = "read" | "write";
type TxOf<E extends Effects> = E extends "read" ? Reader : Transaction;

/** What a `body: "out"` operation returns beside its output: which stored body to send, and which part of it. */
export interface BodyOut {
  readonly body?: StoredBody;
  readonly range?: ByteRange;
}

/**
 * What an operation returns beside its output when it found nothing and its caller would rather wait (long polling).
 */
export interface WaitOut {
  readonly wait?: Wait;
}
export interface Wait {
  /** How long, counted from the start of the call. */
  readonly forMs: number;
  /** The operation is run again when one of these keys changes ... */
  readonly changes: KeyRange;
  /** ... or when the clock reaches this. */
  readonly againAtMs?: number | undefined;
}

/**
 * One thing a service can do, as data. The native HTTP API, the JSON Schema, the docs, the coverage page and the
 * fuzz inputs are derived from the row; clouds bind their wire operations to it.
 */
export interface Operation<
  I extends TSchema = TSchema,
  O extends TSchema = TSchema,
  E extends Effects = Effects,
  Ports = never,
> {
  /** One sentence, for docs and `--help`. */
  readonly summary: string;
  readonly input: I;
  readonly output: O;
  readonly effects: E;
  /** Codes of the service's error table; any other error is a defect. */
  readonly errors: readonly string[];
  /** `in`: a body is streamed to the blob store first and stands in `ctx.body`. `out`: the result carries `BodyOut`. */
  readonly body?: "in" | "out";
  /** Digests wanted of an incoming body, by name. */
  readonly digests?: (input: Static<I>) => Readonly<Record<string, Digester>>;
  /** The seal an incoming body is stored under, asked for unless it is small and at hand; those the row seals. */
  readonly seal?: (
    store: Pick<Store, "read">,
    input: Static<I>,
    ctx: OperationContext<Ports>,
  ) => Promise<OpenSeal | undefined>;
  /**
   * Makes the body that stands in `ctx.body` out of stored ones, before the transaction: a copy that must be read and
   * digested anew. May read the store; writes nothing but blobs.
   */
  readonly prepare?: (
    store: Pick<Store, "read">,
    input: Static<I>,
    ctx: OperationContext<Ports> & { readonly blobs: BlobStore },
  ) => Promise<StoredBody | undefined>;
  /**
   * Calls that contend for the same keys (the head of one queue) take turns instead of conflicting; see
   * `TransactOptions`.
   */
  readonly sequence?: (input: Static<I>, scope: Scope) => Key | undefined;
  /** Touches nothing but `tx`. */
  run(tx: TxOf<E>, input: Static<I>, ctx: OperationContext<Ports>): Promise<Static<O> & BodyOut & WaitOut>;
}

// The erased form: what tables of operations hold.
// oxlint-disable-next-line no-explicit-any -- a row's own types are recovered by InputOf and OutputOf
export type AnyOperation = Operation<any, any, any, any>;

/** Types a row: `operation({ input, output, effects, errors, run })`. `Ports` are given by `operationsUsing`. */
export function operation<I extends TSchema, O extends TSchema, const E extends Effects>(
  row: Operation<I, O, E, unknown>,
): Operation<I, O, E, unknown> {
  return row;
}

/** The same for a service with ports: `const operation = operationUsing<Ports>()`. */
export function operationUsing<Ports>() {
  return <I extends TSchema, O extends TSchema, const E extends Effects>(
    row: Operation<I, O, E, Ports>,
  ): Operation<I, O, E, Ports> => row;
}

export type InputOf<Op> = Op extends { input: infer I extends TSchema } ? Static<I> : never;
export type OutputOf<Op> = Op extends { output: infer O extends TSchema } ? Static<O> & BodyOut : never;
