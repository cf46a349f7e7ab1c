import type { IConstruct } from "constructs";

/** A value that is known only when the app is synthesized. */
export interface IResolvable {
  /**
   * The value, which may hold further tokens.
   * @param context where it is used
   */
  resolve(context: IResolveContext): unknown;
}

/** What a token may ask while it is resolved. */
export interface IResolveContext {
  /** The construct whose part of the template the value goes into. */
  readonly scope: IConstruct;

  /**
   * A value with all tokens in it resolved.
   * @param value anything that may hold tokens
   */
  resolve(value: unknown): unknown;
}

/** @internal */
export const isResolvable = (value: unknown): value is IResolvable =>
  typeof value === "object" && value !== null && typeof (value as Partial<IResolvable>).resolve === "function";
