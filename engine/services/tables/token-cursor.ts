import type { ServiceError } from "../errors.ts";

interface AnyToken {
  readonly kind: string;
  readonly text: string;
}

/** Reads tokens one after another; the last one, of kind `end`, is never passed. */
export abstract class TokenCursor<Token extends AnyToken> {
  protected readonly tokens: readonly Token[];
  protected at = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  /** What is said of a text whose next token cannot stand there. */
  abstract unexpected(): ServiceError;

  peek(ahead = 0): Token {
    return this.tokens[Math.min(this.at + ahead, this.tokens.length - 1)] as Token;
  }
  next(): Token {
    const token = this.peek();
    this.at += 1;
    return token;
  }

  isWord(word: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === "word" && token.text.toUpperCase() === word;
  }
  /** Reads the words when they stand next, all of them. */
  takesWords(...words: readonly string[]): boolean {
    if (!words.every((word, ahead) => this.isWord(word, ahead))) return false;
    this.at += words.length;
    return true;
  }

  isSymbol(text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === "symbol" && token.text === text;
  }
  /** Reads the symbol when it stands next. */
  takesSymbol(text: string): boolean {
    if (!this.isSymbol(text)) return false;
    this.at += 1;
    return true;
  }
  expectSymbol(text: string): void {
    if (!this.takesSymbol(text)) throw this.unexpected();
  }
  expectEnd(): void {
    if (this.peek().kind !== "end") throw this.unexpected();
  }
}
