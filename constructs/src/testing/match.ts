/** What a property may be, where that is not one plain value. */
export class Match {
  /** Anything, as long as it is there. */
  static anyValue(): Match {
    return new Match("anything", (value) => value !== undefined);
  }

  /** Nothing at all. */
  static absent(): Match {
    return new Match("nothing", (value) => value === undefined);
  }

  /**
   * A text that a regular expression finds something in.
   * @param pattern the expression
   */
  static textLike(pattern: string): Match {
    const expression = new RegExp(pattern);
    return new Match(`a text like ${pattern}`, (value) => typeof value === "string" && expression.test(value));
  }

  /** @internal */
  readonly _description: string;
  /** @internal */
  readonly _accepts: (value: unknown) => boolean;

  private constructor(description: string, accepts: (value: unknown) => boolean) {
    this._description = description;
    this._accepts = accepts;
  }
}
