import { errors } from "../errors.ts";

/** `name` is quoted with `"`, `text` with `'`; both hold what stands between the quotes. */
export type TokenKind = "word" | "name" | "text" | "number" | "symbol" | "end";

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly start: number;
}

/** A word, a quoted name, a quoted text, a number, an operator. */
const token = new RegExp(
  [
    /([A-Za-z_][A-Za-z0-9_]*)/,
    /"((?:[^"]|"")*)"/,
    /'((?:[^']|'')*)'/,
    /([0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?)/,
    /(<<|>>|<>|!=|<=|>=|[=<>(){}[\],.:?*+-])/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "y",
);
const space = /(?:\s|--[^\n]*)*/y;
const KINDS: readonly TokenKind[] = ["word", "name", "text", "number", "symbol"];

export const notWellFormed = (reason: string) =>
  errors.InvalidStatement({ reason: `Statement wasn't well formed, can't be processed: ${reason}` });

/** Errors: `InvalidStatement` */
export function tokensOf(statement: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    space.lastIndex = at;
    space.exec(statement);
    at = space.lastIndex;
    if (at >= statement.length || statement.slice(at).trim() === ";") break;
    token.lastIndex = at;
    const match = token.exec(statement);
    if (!match) throw notWellFormed(`Unexpected character ${JSON.stringify(statement[at])} at position ${at}`);
    const group = match.findIndex((part, index) => index > 0 && part !== undefined);
    const kind = KINDS[group - 1] as TokenKind;
    const text = match[group] ?? "";
    const quote = kind === "name" ? '"' : "'";
    const isQuoted = kind === "name" || kind === "text";
    tokens.push({ kind, text: isQuoted ? text.replaceAll(quote + quote, quote) : text, start: at });
    at = token.lastIndex;
  }
  tokens.push({ kind: "end", text: "", start: statement.length });
  return tokens;
}
