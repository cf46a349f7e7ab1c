import type { CtyObject, CtyValue } from "./cty-value.ts";
import type { BlockSchema, FunctionSchema } from "./schema.ts";

/** A way into a value: an attribute of an object, an element of a list, or one under a key of a map. */
export type PathStep = { readonly attribute: string } | { readonly index: number } | { readonly key: string };

/** Something to tell the user; Terraform shows the line that the path leads to. */
export interface ProviderDiagnostic {
  readonly severity: "error" | "warning";
  readonly summary: string;
  readonly detail?: string;
  readonly path?: readonly PathStep[];
}

interface Told {
  readonly diagnostics?: readonly ProviderDiagnostic[];
}

/** What Terraform keeps with a resource's state without reading it. */
export type Private = Buffer | undefined;

/** A resource's state, or null when there is none (any more). */
export interface HeldState extends Told {
  readonly state: CtyObject | null;
  readonly private?: Private;
  /** Called when Terraform has been sent the answer. */
  readonly onAnswered?: () => Promise<void>;
}

export interface PlannedChange extends Told {
  readonly planned: CtyObject | null;
  readonly private?: Private;
  /** What the change cannot be made in place for. */
  readonly requiresReplace?: readonly (readonly PathStep[])[];
}

export interface ResourceState {
  readonly state: CtyObject;
  readonly private?: Private;
}

export interface ResourceChange {
  /** Null when there is none yet. */
  readonly prior: CtyObject | null;
  /** Null when it is to go. */
  readonly config: CtyObject | null;
  readonly private?: Private;
}

/** The state of a resource that had another type, perhaps another provider. */
export interface MovedState {
  readonly provider: string;
  readonly type: string;
  readonly json: string;
}

/** A kind of resource that Terraform manages. */
export interface ManagedResource<Session> {
  readonly schema: BlockSchema;
  validate(config: CtyObject): readonly ProviderDiagnostic[];
  read(session: Session, current: ResourceState): Promise<HeldState>;
  plan(session: Session, change: ResourceChange): Promise<PlannedChange>;
  apply(session: Session, change: ResourceChange & { readonly planned: CtyObject | null }): Promise<HeldState>;
  import(session: Session, id: string): Promise<HeldState>;
  move(session: Session, from: MovedState): Promise<HeldState>;
}

/** What can be looked up. */
export interface DataSource<Session> {
  readonly schema: BlockSchema;
  read(session: Session, config: CtyObject): Promise<HeldState>;
}

/** What lives as long as one run of Terraform and is written nowhere. */
export interface EphemeralResource<Session> {
  readonly schema: BlockSchema;
  open(session: Session, config: CtyObject): Promise<{ readonly result: CtyObject } & Told>;
}

export interface ProviderFunction {
  readonly schema: FunctionSchema;
  /** Errors: `ArgumentRefused` */
  call(parameters: readonly CtyValue[]): CtyValue;
}

/** A function's argument cannot be used. */
export class ArgumentRefused extends Error {
  override name = "ArgumentRefused";
  /** Counted from 0. */
  readonly argument: number;
  constructor(argument: number, message: string) {
    super(message);
    this.argument = argument;
  }
}

/** A provider; one `Session` for each of its configurations. */
export interface Provider<Session> {
  readonly schema: BlockSchema;
  /** A session before anything was configured. */
  open(): Session;
  validate(config: CtyObject): readonly ProviderDiagnostic[];
  configure(session: Session, config: CtyObject): readonly ProviderDiagnostic[];
  /** Whether its configuration depends on what is known only after apply. */
  isDeferred(session: Session): boolean;
  /** Ends the waiting of what is under way. */
  stop(session: Session): void;
  readonly resources: Readonly<Record<string, ManagedResource<Session>>>;
  readonly dataSources: Readonly<Record<string, DataSource<Session>>>;
  readonly ephemeralResources: Readonly<Record<string, EphemeralResource<Session>>>;
  readonly functions: Readonly<Record<string, ProviderFunction>>;
}
