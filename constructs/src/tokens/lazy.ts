import type { IResolvable } from "./resolvable.ts";
import { markerOf } from "./text.ts";

/** Makes a text when the app is synthesized. */
export interface IStringProducer {
  /** The text; may hold tokens. */
  produce(): string | undefined;
}

/** Makes a value when the app is synthesized. */
export interface IAnyProducer {
  /** The value; may hold tokens. Nothing leaves the property out. */
  produce(): unknown;
}

/** Values that are worked out when the app is synthesized, when every construct is there. */
export class Lazy {
  /**
   * A text.
   * @param producer makes it
   */
  static string(producer: IStringProducer): string {
    return markerOf({ resolve: () => producer.produce() });
  }

  /**
   * A value of any kind.
   * @param producer makes it
   */
  static any(producer: IAnyProducer): IResolvable {
    return { resolve: () => producer.produce() };
  }

  private constructor() {}
}
