import type { Static, TObject } from "typebox";
import type { Reader, Transaction } from "../kernel/store.ts";
import type { OperationContext, Scope } from "./context.ts";

/** A live resource as its handlers report it: the property values it has now, and what it offers to others. */
export interface ResourceState<P = unknown, A = unknown> {
  /** The engine's name for it, unique within the type and scope; what `read`, `update` and `delete` take. */
  readonly id: string;
  readonly properties: P;
  readonly attributes: A;
}

/** Whether a change replaces the resource: always, or when this says so of the value before and after. */
export type Replacement<Value = unknown> =
  "always" | ((before: Value | undefined, after: Value | undefined) => boolean);

/**
 * By property: `Name`, or a path into one: `Encryption.KeyId`, `Indexes.*.Keys` (`*` is each element of a list or map).
 */
export type Replacements<P> = {
  readonly [Property in keyof P & string]?: Replacement<P[Property]>;
} & { readonly [path: `${string}.${string}`]: Replacement };

/** The property that holds tags, as a map of key and value or as a list of `{ Key, Value }`. */
export interface TagsProperty<Property extends string = string> {
  readonly property: Property;
  readonly form: "map" | "list";
}

/** A template's worth of properties. */
export interface Example<P> {
  /** What it shows, in a few words: `a FIFO queue`. */
  readonly title: string;
  readonly properties: P;
}

/**
 * A kind of resource a template can declare. One row drives validation, plan, apply, constructs, docs and the console.
 * Types, required properties, defaults, enums and patterns stand in the schemas; what is read-only is an attribute.
 * Lists of property names are top-level names.
 */
export interface ResourceType<P extends TObject = TObject, A extends TObject = TObject, Ports = never> {
  /** As templates write it: `Bucket`, `AWS::S3::Bucket`. */
  readonly name: string;
  readonly summary: string;
  /** What a template may say. `default` annotations are applied before the plan is made. */
  readonly properties: P;
  /** What `Fn::GetAtt` can ask for. */
  readonly attributes: A;
  /** The attribute that `Ref` gives. */
  readonly ref: keyof Static<A> & string;
  /**
   * Attributes that change when properties of other names do: `{ StreamArn: ["StreamSpecification"] }`. An attribute
   * that shares its name with a property follows that one; every other one lasts as long as the resource.
   */
  readonly derivedAttributes?: {
    readonly [Attribute in keyof Static<A> & string]?: readonly (keyof Static<P> & string)[];
  };
  /** What cannot be changed in place, or not always; every property that is not named here can. */
  readonly replacement: Replacements<Static<P>>;
  /** The property that must be unique: a replacement that keeps it cannot be made before the old one is deleted. */
  readonly nameProperty?: keyof Static<P> & string;
  /** Never read back, so never compared with the live state. */
  readonly writeOnly?: readonly (keyof Static<P> & string)[];
  /** Masked wherever it would be shown. */
  readonly sensitive?: readonly (keyof Static<P> & string)[];
  /** Declared and kept, but nothing acts on it yet: listed in the coverage page. Names, or paths into properties. */
  readonly recordedOnly?: readonly ((keyof Static<P> & string) | `${string}.${string}`)[];
  /** Where a stack's own tags go. */
  readonly tags?: TagsProperty<keyof Static<P> & string>;
  /** The native type that shows the same records: `Bucket` for `AWS::S3::Bucket`. */
  readonly twinOf?: string;
  /** What this type calls a resource that its twin knows by an id; the same unless it says otherwise. */
  readonly idOfTwin?: (id: string, scope: Scope) => string;
  /** A property of this type is a reference to that type's id when written as `{Ref: X}`; for docs and checks. */
  readonly references?: Readonly<Record<string, string>>;
  /**
   * What a schema cannot say of a value: throws the `ServiceError` that the operation would throw. Called while
   * planning, so that a bad value is refused before anything is touched; not called for values that are known only
   * after apply.
   */
  readonly checks?: {
    readonly [Property in keyof Static<P>]?: (value: Exclude<Static<P>[Property], undefined>) => unknown;
  };
  /** The first is the usual one. Used by docs, and by the tests that every type goes through. */
  readonly examples: readonly [Example<Static<P>>, ...Example<Static<P>>[]];
  readonly handlers: ResourceHandlers<Static<P>, Static<A>, Ports>;
  /** The longest one step may take, retries included, unless the template or the deployment says otherwise. */
  readonly timeoutMs?: number;
  /** Its part that is not in the store; `handlers` then keep the record of it. */
  readonly outside?: OutsideEffects<Static<P>, Ports>;
}

/** What an effect outside the store left there: plain JSON, enough to find it again. */
export type Outside = Readonly<Record<string, unknown>>;

/** One call of an effect outside the store. */
export interface OutsideCall<Ports = unknown> {
  /** The same for every repetition of one step: whoever repeats it finds what is there already. */
  readonly token: string;
  /** Aborted when its time is over: from then on it must have no effect, since it is undone. */
  readonly signal: AbortSignal;
  readonly ctx: ResourceContext<Ports>;
}

/**
 * The part of a resource that cannot share a transaction: a process, a container, a thing in another cloud. A step
 * journals that it begins, brings the effect about, and then lets `handlers` write the record, with `ctx.outside`, in
 * the transaction that journals that it is done. After a crash in between, `find` tells what happened. Nothing here is
 * undone by a transaction that fails; every call may be repeated.
 */
export interface OutsideEffects<P, Ports> {
  create(properties: P, call: OutsideCall<Ports>): Promise<Outside>;
  /** Brings it to these properties, whatever it has now; it stays the same thing. */
  update(outside: Outside, properties: P, call: OutsideCall<Ports>): Promise<void>;
  /** Succeeds when it is already gone. */
  delete(outside: Outside, call: OutsideCall<Ports>): Promise<void>;
  /** What `create` made with this token, or undefined when it made nothing. */
  find(call: OutsideCall<Ports>): Promise<Outside | undefined>;
}

/** All of them run inside the transaction that also writes the journal entry, so a step happens exactly once. */
export interface ResourceHandlers<P, A, Ports> {
  create(tx: Transaction, properties: P, ctx: ResourceContext<Ports>): Promise<ResourceState<P, A>>;
  /** Undefined when it does not exist (any more). */
  read(tx: Reader, id: string, ctx: ResourceContext<Ports>): Promise<ResourceState<P, A> | undefined>;
  update(
    tx: Transaction,
    id: string,
    properties: P,
    previous: P,
    ctx: ResourceContext<Ports>,
  ): Promise<ResourceState<P, A>>;
  /** Succeeds when it is already gone. Refuses (ServiceError) what would lose data: a bucket with objects. */
  delete(tx: Transaction, id: string, ctx: ResourceContext<Ports>): Promise<void>;
  /** Keeps a copy of what the resource holds, for `DeletionPolicy: Snapshot`; gives the copy's id. Deletes nothing. */
  snapshot?(tx: Transaction, id: string, ctx: ResourceContext<Ports>): Promise<string>;
  /** Ids in this scope, in order, after `after`. */
  list(
    tx: Reader,
    ctx: ResourceContext<Ports>,
    page: { readonly after?: string; readonly limit: number },
  ): Promise<readonly string[]>;
}

export interface ResourceContext<Ports = unknown> extends OperationContext<Ports> {
  /** Where the resource stands in its stack, for generated names: `<stack>-<logicalId>-<random>`. */
  readonly owner?: { readonly stack: string; readonly logicalId: string };
  /**
   * At `create`: the id of the resource this one stands in for; what only one can hold (an attached volume) moves
   * over.
   */
  readonly replaces?: string;
  /** True while a deployment is undone: what users may not turn back (a grown volume) may go back to what it was. */
  readonly isUndo?: boolean;
  /** At `create` and `update` of a type with effects outside the store: what they left there. */
  readonly outside?: Outside;
}

// oxlint-disable-next-line no-explicit-any -- the registry holds types of every shape
export type AnyResourceType = ResourceType<any, any, any>;

export function resourceType<P extends TObject, A extends TObject>(
  row: ResourceType<P, A, unknown>,
): ResourceType<P, A, unknown> {
  return row;
}
export function resourceTypeUsing<Ports>() {
  return <P extends TObject, A extends TObject>(row: ResourceType<P, A, Ports>): ResourceType<P, A, Ports> => row;
}
