import { isResolvable, type IResolvable, type IResolveContext } from "./resolvable.ts";
import { hasMarker, markerOf } from "./text.ts";

/** A piece of the template language as a value: what it is given stands in the template as it is. */
export class Intrinsic implements IResolvable {
  readonly #value: unknown;

  /** @param value for example `{ "Fn::GetAZs": "" }`; may hold tokens */
  constructor(value: unknown) {
    this.#value = value;
  }

  /**
   * The value it was given.
   * @param context where it is used
   */
  resolve(context: IResolveContext): unknown {
    return context.resolve(this.#value);
  }

  /** A text that stands for it, and can be a part of a longer one. */
  toString(): string {
    return markerOf(this);
  }
}

/** Values that are known only when the app is synthesized. */
export class Token {
  /**
   * Whether a value is a token, or a text that contains one.
   * @param value anything
   */
  static isUnresolved(value: unknown): boolean {
    return typeof value === "string" ? hasMarker(value) : isResolvable(value);
  }

  /**
   * A text that stands for a value, and can be a part of a longer one.
   * @param value a token, or the value itself
   */
  static asString(value: unknown): string {
    if (typeof value === "string") return value;
    return isResolvable(value) ? markerOf(value) : String(value);
  }

  private constructor() {}
}
