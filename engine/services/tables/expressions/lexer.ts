/** A word, a placeholder, a number, an operator; `end` closes every list of tokens. */
export type TokenKind = "word" | "name" | "value" | "number" | "symbol" | "unknown" | "end";

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const token = /([A-Za-z_][A-Za-z0-9_]*)|(#[A-Za-z0-9_]+)|(:[A-Za-z0-9_]+)|([0-9]+)|(<>|<=|>=|[=<>(),.[\]+-])|([^\s])/uy;
const KINDS: readonly TokenKind[] = ["word", "name", "value", "number", "symbol", "unknown"];
const space = /\s*/uy;

/** Never fails: a character that starts no token becomes one of kind `unknown`, which the parser refuses. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    space.lastIndex = at;
    space.exec(text);
    at = space.lastIndex;
    if (at >= text.length) break;
    token.lastIndex = at;
    const match = token.exec(text);
    const group = match ? match.findIndex((part, index) => index > 0 && part !== undefined) : 6;
    const length = match?.[0].length ?? 1;
    tokens.push({
      kind: KINDS[group - 1] ?? "unknown",
      text: text.slice(at, at + length),
      start: at,
      end: at + length,
    });
    at += length;
  }
  tokens.push({ kind: "end", text: "<EOF>", start: text.length, end: text.length });
  return tokens;
}
