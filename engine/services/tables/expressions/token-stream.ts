import { errors, type ExpressionKind } from "../errors.ts";
import type { ServiceError } from "../../errors.ts";
import { TokenCursor } from "../token-cursor.ts";
import { tokensOf, type Token } from "./lexer.ts";
import { RESERVED_WORDS } from "./reserved-words.ts";
import type { ParsedOperand, Path, Step } from "./tree.ts";

const TEXT_BYTES_MAX = 4096;
const PATH_STEPS_MAX = 32;
/** Far above what anyone writes and far below what would exhaust the stack. */
const NESTING_MAX = 200;

const refusal = (expression: ExpressionKind, reason: string) => errors.InvalidExpression({ expression, reason });

function checkedTokens(expression: ExpressionKind, text: string): readonly Token[] {
  if (text === "") throw refusal(expression, "The expression can not be empty;");
  const sizeBytes = Buffer.byteLength(text);
  if (sizeBytes > TEXT_BYTES_MAX) {
    const reason = `Expression size has exceeded the maximum allowed size; expression size: ${sizeBytes}`;
    throw refusal(expression, reason);
  }
  const tokens = tokensOf(text);
  if (tokens.length === 1) throw refusal(expression, "The expression can not be empty;");
  return tokens;
}

/** Reads an expression's tokens one after another; every way to fail is an `InvalidExpression` in DynamoDB's words. */
export class TokenStream extends TokenCursor<Token> {
  readonly names: string[] = [];
  readonly values: string[] = [];
  private readonly expression: ExpressionKind;
  private readonly text: string;
  private nesting = 0;

  constructor(expression: ExpressionKind, text: string) {
    super(checkedTokens(expression, text));
    this.expression = expression;
    this.text = text;
  }

  refused(reason: string): ServiceError {
    return refusal(this.expression, reason);
  }

  /** The unexpected token with its neighbours, as the text has them. */
  unexpected(): ServiceError {
    const token = this.peek();
    const before = this.tokens[this.at - 1] ?? token;
    const after = this.tokens[this.at + 1] ?? token;
    return this.refused(`Syntax error; token: "${token.text}", near: "${this.text.slice(before.start, after.end)}"`);
  }

  /** How many tokens were read. */
  get position(): number {
    return this.at;
  }

  /** Runs `read` one level deeper. */
  nested<T>(read: () => T): T {
    this.nesting += 1;
    if (this.nesting > NESTING_MAX) {
      throw this.refused(`The expression is nested too deeply; nesting levels: ${this.nesting}`);
    }
    const result = read();
    this.nesting -= 1;
    return result;
  }

  /** `first, second, …`, at least one. */
  list<T>(read: () => T): T[] {
    const elements = [read()];
    while (this.takesSymbol(",")) elements.push(read());
    return elements;
  }

  placeholder(): ParsedOperand {
    if (this.peek().kind !== "value") throw this.unexpected();
    const name = this.next().text;
    this.values.push(name);
    return { type: "placeholder", name };
  }

  private nameStep(): Step {
    const token = this.peek();
    if (token.kind === "name") {
      this.names.push(token.text);
    } else if (token.kind !== "word") {
      throw this.unexpected();
    } else if (RESERVED_WORDS.has(token.text.toUpperCase())) {
      throw this.refused(`Attribute name is a reserved keyword; reserved keyword: ${token.text}`);
    }
    this.at += 1;
    return token.text;
  }

  private indexStep(): Step {
    if (this.peek().kind !== "number") throw this.unexpected();
    const index = Number(this.next().text);
    this.expectSymbol("]");
    return index;
  }

  /** `a.b[1].#c` */
  path(): Path {
    const steps: Step[] = [this.nameStep()];
    for (;;) {
      if (this.takesSymbol(".")) steps.push(this.nameStep());
      else if (this.takesSymbol("[")) steps.push(this.indexStep());
      else break;
    }
    if (steps.length > PATH_STEPS_MAX) {
      throw this.refused(`The document path has too many nesting elements; nesting levels: ${steps.length}`);
    }
    return steps;
  }

  /** A path, a placeholder, or a function of operands. */
  operand(): ParsedOperand {
    const token = this.peek();
    if (token.kind === "value") return this.placeholder();
    if (token.kind !== "word" || !this.isSymbol("(", 1)) return { type: "path", path: this.path() };
    this.at += 2;
    const operands = this.nested(() => this.list(() => this.operand()));
    this.expectSymbol(")");
    return { type: "call", name: token.text, operands };
  }
}
