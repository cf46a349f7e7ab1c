import type { ServiceError } from "../../errors.ts";
import { TokenCursor } from "../token-cursor.ts";
import { notWellFormed, tokensOf, type Token } from "./lexer.ts";

/** Reads a statement's tokens one after another. */
export class TokenStream extends TokenCursor<Token> {
  constructor(statement: string) {
    super(tokensOf(statement));
  }

  unexpected(): ServiceError {
    const { kind, text, start } = this.peek();
    return notWellFormed(kind === "end" ? "Unexpected end of the statement" : `Unexpected "${text}" at ${start}`);
  }

  expectWords(...words: readonly string[]): void {
    if (!this.takesWords(...words)) throw this.unexpected();
  }

  /** A name, quoted or not. */
  name(): string {
    const { kind } = this.peek();
    if (kind !== "word" && kind !== "name") throw this.unexpected();
    return this.next().text;
  }

  /** `first, second, …` up to `end`, which is read too. */
  listUntil<T>(end: string, read: () => T): T[] {
    const elements: T[] = [];
    if (this.takesSymbol(end)) return elements;
    do elements.push(read());
    while (this.takesSymbol(","));
    this.expectSymbol(end);
    return elements;
  }
}
