import { errors } from "../errors.ts";
import { normalizedValue, type AttributeValue } from "../values/attribute-value.ts";
import { notWellFormed } from "./lexer.ts";
import type { TokenStream } from "./token-stream.ts";

/** The values a request brings for the `?` of its statement, in their order. */
export class Parameters {
  private readonly values: readonly AttributeValue[];
  private used = 0;

  constructor(values: readonly AttributeValue[]) {
    this.values = values;
  }

  next(): AttributeValue {
    const value = this.values[this.used++];
    if (value === undefined) throw mismatch();
    return normalizedValue(value);
  }
  /** Errors: `InvalidStatement` when some were left over. */
  expectAllUsed(): void {
    if (this.used !== this.values.length) throw mismatch();
  }
}

const mismatch = () =>
  errors.InvalidStatement({ reason: "Number of parameters in request and statement don't match." });

function setOf(members: readonly AttributeValue[]): AttributeValue {
  for (const [kind, set] of [["S", "SS"], ["N", "NS"], ["B", "BS"]] as const) {
    if (members.length > 0 && members.every((member) => member[kind] !== undefined)) {
      return { [set]: members.map((member) => member[kind]) } as AttributeValue;
    }
  }
  throw notWellFormed("A set needs members, all of them texts, numbers or bytes");
}

/** A literal or a parameter. Errors: `InvalidStatement`, `InvalidItem` */
export function readValue(tokens: TokenStream, parameters: Parameters): AttributeValue {
  const value = literal(tokens, parameters);
  if (value === undefined) throw tokens.unexpected();
  return normalizedValue(value);
}

/** Undefined where no literal begins. */
export function literal(tokens: TokenStream, parameters: Parameters): AttributeValue | undefined {
  const token = tokens.peek();
  if (token.kind === "text") return { S: tokens.next().text };
  if (token.kind === "number") return { N: tokens.next().text };
  if (tokens.isSymbol("-") && tokens.peek(1).kind === "number") {
    tokens.next();
    return { N: `-${tokens.next().text}` };
  }
  if (tokens.takesSymbol("?")) return parameters.next();
  if (tokens.takesWords("TRUE")) return { BOOL: true };
  if (tokens.takesWords("FALSE")) return { BOOL: false };
  if (tokens.takesWords("NULL")) return { NULL: true };
  const element = () => readValue(tokens, parameters);
  if (tokens.takesSymbol("[")) return { L: tokens.listUntil("]", element) };
  if (tokens.takesSymbol("<<")) return setOf(tokens.listUntil(">>", element));
  if (!tokens.takesSymbol("{")) return undefined;
  const members = tokens.listUntil("}", () => {
    if (tokens.peek().kind !== "text" && tokens.peek().kind !== "name") throw tokens.unexpected();
    const name = tokens.next().text;
    tokens.expectSymbol(":");
    return [name, element()] as const;
  });
  return { M: Object.fromEntries(members) };
}
