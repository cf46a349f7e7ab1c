export type Properties = Readonly<Record<string, unknown>>;

/** A resource to change one property of, and a change of every property that it has. */
export interface TypeSample {
  /** Without a name: a replacement needs another one. Intrinsic functions refer to `with`. */
  readonly base: Properties;
  /** What it refers to, by logical id. */
  readonly with?: Readonly<Record<string, { readonly Type: string; readonly Properties?: Properties }>>;
  readonly changes: Readonly<Record<string, Change>>;
}

export interface Change {
  /** The value before; as in the base, or none, when it is left out. */
  readonly from?: unknown;
  readonly to: unknown;
  /** Properties without which it means nothing. */
  readonly beside?: Properties;
  /** Properties that must change along. */
  readonly along?: Properties;
  /** Why taking it out of the template does not lead back to where it was never said. */
  readonly staysBecause?: string;
}
