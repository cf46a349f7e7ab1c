import type { Store, Transaction } from "../kernel/store.ts";
import type { Job } from "../kernel/jobs.ts";
import type { DeliveredEvent } from "../kernel/outbox.ts";
import type { HttpClient } from "../platform/http-client.ts";
import type { ServiceError } from "./errors.ts";
import type { OperationContext } from "./context.ts";
import type { AnyOperation, InputOf, OutputOf } from "./operation.ts";
import type { AnyResourceType } from "./resource-type.ts";

/** Every table of errors, whatever its rows. */
type AnyErrors = Readonly<Record<string, (...details: never) => ServiceError>>;

/** A service's only front door: what it does, what it offers and what it needs. */
export interface Service<Operations extends Record<string, AnyOperation> = Record<string, AnyOperation>> {
  /** The capability, a plural noun: `queues`. */
  readonly name: string;
  readonly summary: string;
  readonly operations: Operations;
  readonly errors: AnyErrors;
  readonly resources: readonly AnyResourceType[];
  /** Ports this service needs: port name -> one sentence why. The composition root fills each from a `provides`. */
  readonly uses?: Readonly<Record<string, string>>;
  /** Ports that a later service may fill; absent from `ctx.ports` until one does. */
  readonly mayUse?: Readonly<Record<string, string>>;
  /** Ports this service offers: functions that run in the caller's transaction. */
  readonly provides?: Readonly<Record<string, object>>;
  /** Timed work by type, e.g. `machines.settle`. Local: commits with the job's removal. */
  readonly jobs?: Readonly<Record<string, (tx: Transaction, job: Job, ctx: OperationContext<never>) => Promise<void>>>;
  /**
   * What it does about news of its own or another service, by type, e.g. `objects.changed`. Local: commits with the
   * note that the event was had. The payload names the scope that it acts in.
   */
  readonly events?: Readonly<
    Record<string, (tx: Transaction, event: DeliveredEvent, ctx: OperationContext<never>) => Promise<void>>
  >;
  /**
   * Timed work that touches more than the store (a request to somebody's endpoint). Runs at least once, with `job.id`
   * as its idempotency key, and commits what came of it itself.
   */
  readonly externalJobs?: Readonly<Record<string, (job: Job, outside: Outside) => Promise<void>>>;
  /** What is knowingly not done yet, in the words of the coverage page. */
  readonly limits?: readonly string[];
}

/** What work outside a transaction is given. */
export interface Outside {
  readonly store: Store;
  readonly ctx: OperationContext<never>;
  readonly http: HttpClient;
  /** The engine is about to close: what still waits for somebody fails now, and is done when an engine runs again. */
  readonly ending: AbortSignal;
}

export function service<const Operations extends Record<string, AnyOperation>>(
  manifest: Service<Operations>,
): Service<Operations> {
  return manifest;
}

export type OperationName<S extends Service> = keyof S["operations"] & string;
export type OperationInput<S extends Service, N extends OperationName<S>> = InputOf<S["operations"][N]>;
export type OperationOutput<S extends Service, N extends OperationName<S>> = OutputOf<S["operations"][N]>;
