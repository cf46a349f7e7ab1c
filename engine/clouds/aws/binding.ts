import type { Readable } from "node:stream";
import type { DeliveredEvent } from "../../kernel/outbox.ts";
import type { Transaction } from "../../kernel/store.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Log } from "../../platform/log.ts";
import type { Calls } from "../../services/calls.ts";
import type { Caller, Scope } from "../../services/context.ts";
import type { OperationInput, OperationName, OperationOutput, Service } from "../../services/manifest.ts";
import type { AnyResourceType } from "../../services/resource-type.ts";
import type { WireRequest, WireResponse } from "../../protocols/wire.ts";

/** What a binding may look at besides its decoded input. */
export interface WireCall extends Scope {
  readonly caller: Caller;
  readonly requestId: string;
  readonly request: WireRequest;
  /** `http://127.0.0.1:4566`, as the client addressed the engine. */
  readonly endpoint: string;
  /** The wire operation's name. */
  readonly operation: string;
}

/** One wire operation bound to one service operation. It translates; it never decides. */
export interface BindingRow<
  S extends Service,
  N extends OperationName<S>,
  W extends { input: object; output: object },
> {
  readonly to: N;
  readonly in: (wire: W["input"], call: WireCall) => OperationInput<S, N>;
  readonly out: (result: OperationOutput<S, N>, wire: W["input"], call: WireCall) => W["output"];
  /** The streaming input member (operations with `body: "in"`). */
  readonly body?: (wire: W["input"]) => Readable | Uint8Array | undefined;
  /** The output member that the result's stored body fills (operations with `body: "out"`). */
  readonly bodyOut?: keyof W["output"] & string;
  /** Makes what is sent out of the stored body, as it passes. */
  readonly through?: (body: Readable, wire: W["input"], result: OperationOutput<S, N>) => Readable;
  /** HTTP status and headers beyond what the model says (206, `x-amz-...`). */
  readonly response?: (
    result: OperationOutput<S, N>,
    wire: W["input"],
    call: WireCall,
  ) => { status?: number; headers?: Record<string, string> };
  /** Input members that nothing reads: they make the operation "partial" in the coverage page. */
  readonly accepted?: readonly MemberPath<W["input"]>[];
  /** Input members that are kept and read back, and that nothing acts on: "partial" too. */
  readonly recordedOnly?: readonly MemberPath<W["input"]>[];
}

/** `Delete`, `Delete.Objects`, `Delete.Objects.Size`: a member at any depth; lists and maps are transparent. */
export type MemberPath<T, Depth extends readonly unknown[] = []> = Depth["length"] extends 5
  ? never
  : T extends readonly (infer Element)[]
    ? MemberPath<Element, Depth>
    : T extends Date | Uint8Array | Readable | string | number | bigint | boolean | undefined
      ? never
      : string extends keyof T
        ? MemberPath<T[keyof T], [...Depth, 1]>
        : {
            [Name in keyof T & string]-?: Name | `${Name}.${MemberPath<NonNullable<T[Name]>, [...Depth, 1]>}`;
          }[keyof T & string];

type Rows<S extends Service, O> = {
  readonly [K in keyof O]?: O[K] extends { input: object; output: object }
    ? { [N in OperationName<S>]: BindingRow<S, N, O[K]> }[OperationName<S>]
    : never;
};

/**
 * `bind<SqsOperations>()(queues, { SendMessage: { to: "sendMessage", in, out } })`: rows checked against model and
 * service.
 */
export function bind<O extends object>() {
  return <S extends Service>(service: S, rows: Rows<S, O>): BoundOperations => ({
    service,
    rows: rows as BoundOperations["rows"],
  });
}

export interface BoundOperations {
  readonly service: Service;
  // oxlint-disable-next-line no-explicit-any -- the erased form; `bind` has checked the rows
  readonly rows: Readonly<Record<string, BindingRow<any, any, any>>>;
}

/** How a service's error looks on the wire. */
export interface AwsWireError {
  readonly code: string;
  readonly queryCode?: string;
  readonly status: number;
  /** AWS's own words, where they differ from the service's. */
  readonly message?: (details: Readonly<Record<string, unknown>>, call: WireCall) => string;
  /** Further members of the error shape. */
  readonly members?: (details: Readonly<Record<string, unknown>>, call: WireCall) => Record<string, unknown>;
  readonly headers?: (details: Readonly<Record<string, unknown>>, call: WireCall) => Record<string, string>;
}

export interface ObserverParts {
  readonly calls: Calls;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Asked of every request, so it must be cheap. Returns what wants to hear of the answer before it goes out, and never
 * fails; undefined for nearly every request.
 */
export type RequestObserver = (request: WireRequest) => ((response: WireResponse) => Promise<void>) | undefined;

/** One AWS service: model, bindings, errors, resource types. The only front door of its folder. */
export interface AwsService {
  /** The model's id, e.g. `sqs`. */
  readonly model: string;
  /** One entry per capability it binds (most bind one). */
  readonly bound: readonly BoundOperations[];
  readonly wireErrors: Readonly<Record<string, AwsWireError>>;
  readonly resources: readonly AnyResourceType[];
  /** Answers requests that are no operation of the model: a browser's preflight, a page of a website. */
  readonly besides?: {
    /** Asked of every request, so it must be cheap. */
    claims(request: WireRequest): boolean;
    /** `serve` answers a request as an operation. May throw `AwsFailure`. */
    answer(
      request: WireRequest,
      calls: Calls,
      serve: (request: WireRequest) => Promise<WireResponse>,
    ): Promise<WireResponse>;
  };
  /** Hears of every request and how it was answered. Made once for each engine. */
  readonly observer?: (parts: ObserverParts) => RequestObserver;
  /** Adds to an answer what lets a web page of another origin see it; called for requests that name one. */
  readonly allowOrigin?: (request: WireRequest, response: WireResponse, calls: Calls) => Promise<void>;
  /**
   * What the cloud does about a capability's news, by type: it puts them as AWS does and hands them on. Commits with
   * the note that the event was had.
   */
  readonly events?: Readonly<Record<string, (tx: Transaction, event: DeliveredEvent, calls: Calls) => Promise<void>>>;
  /** Values outside an enum of the model: refused, or passed on because clients are newer than the model. */
  readonly refusesUnknownEnumValues?: boolean;
  /** The service takes forms that its model's patterns do not describe (a percent-encoded copy source). */
  readonly ignoresPatterns?: boolean;
  /** Input members that act before a row runs, in every operation that has them: member -> where. */
  readonly actedOnByProtocol?: Readonly<Record<string, string>>;
  /** Constraint texts where the service does not speak the common one: gets the failure, returns the service's own. */
  readonly validation?: "common" | "none";
}

export function awsService(manifest: AwsService): AwsService {
  return manifest;
}

interface RegisteredType {
  readonly type: AnyResourceType;
  readonly service: Service;
  readonly owner?: { readonly cloud: string; readonly service: string };
}

/** Every `AWS::*` type, with the service whose ports its handlers are given: the one that its cloud's service binds. */
export const awsResourceTypes = (services: readonly AwsService[]): RegisteredType[] =>
  services.flatMap(({ model, bound: [first], resources }) =>
    first
      ? resources.map((type) => ({ type, service: first.service, owner: { cloud: "aws", service: model } }))
      : [],
  );
