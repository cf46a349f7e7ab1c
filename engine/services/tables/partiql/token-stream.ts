import type { ServiceError } from "../../errors.ts";
import { notWellFormed, tokensOf, type Token } from "./lexer.ts";

/** Reads a statement's tokens one after another. */
export class TokenStream {
  private readonly tokens: readonly Token[];
  private at = 0;

  constructor(statement: string) {
    this.tokens = tokensOf(statement);
  }

  peek(ahead = 0): Token {
    return this.tokens[Math.min(this.at + ahead, this.tokens.length - 1)] as Token;
  }
  next(): Token {
    const token = this.peek();
    this.at += 1;
    return token;
  }
  unexpected(): ServiceError {
    const { kind, text, start } = this.peek();
    return notWellFormed(kind === "end" ? "Unexpected end of the statement" : `Unexpected "${text}" at ${start}`);
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
  expectWords(...words: readonly string[]): void {
    if (!this.takesWords(...words)) throw this.unexpected();
  }

  isSymbol(text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === "symbol" && token.text === text;
  }
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
