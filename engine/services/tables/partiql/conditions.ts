import type { BoundCondition } from "../expressions/condition.ts";
import { COMPARATORS, type Comparator, type Operand, type Path, type Step } from "../expressions/tree.ts";
import { notWellFormed } from "./lexer.ts";
import type { TokenStream } from "./token-stream.ts";
import { literal, type Parameters } from "./values.ts";

/** How many operands each function takes. */
const TESTS: Readonly<Record<string, number>> = { begins_with: 2, contains: 2, attribute_type: 2 };
const NESTING_MAX = 100;

/** `a.b[0]."c d"` */
export function readPath(tokens: TokenStream): Path {
  const steps: Step[] = [tokens.name()];
  for (;;) {
    if (tokens.takesSymbol(".")) steps.push(tokens.name());
    else if (tokens.takesSymbol("[")) {
      const token = tokens.next();
      if (token.kind === "number") steps.push(Number(token.text));
      else if (token.kind === "text") steps.push(token.text);
      else throw notWellFormed(`Unexpected "${token.text}" in a path`);
      tokens.expectSymbol("]");
    } else return steps;
  }
}

/** Reads the condition of a `WHERE`. */
export class ConditionReader {
  private readonly tokens: TokenStream;
  private readonly parameters: Parameters;
  private depth = 0;

  constructor(tokens: TokenStream, parameters: Parameters) {
    this.tokens = tokens;
    this.parameters = parameters;
  }

  condition(): BoundCondition {
    this.depth += 1;
    if (this.depth > NESTING_MAX) throw notWellFormed("The condition is nested too deeply");
    const conditions = [this.every()];
    while (this.tokens.takesWords("OR")) conditions.push(this.every());
    this.depth -= 1;
    return conditions.length > 1 ? { type: "or", conditions } : (conditions[0] as BoundCondition);
  }

  private every(): BoundCondition {
    const conditions = [this.negation()];
    while (this.tokens.takesWords("AND")) conditions.push(this.negation());
    return conditions.length > 1 ? { type: "and", conditions } : (conditions[0] as BoundCondition);
  }

  private negation(): BoundCondition {
    if (this.tokens.takesWords("NOT")) return { type: "not", condition: this.negation() };
    if (this.tokens.takesSymbol("(")) {
      const condition = this.condition();
      this.tokens.expectSymbol(")");
      return condition;
    }
    return this.comparison();
  }

  operand(): Operand {
    const value = literal(this.tokens, this.parameters);
    if (value !== undefined) return { type: "constant", value };
    const token = this.tokens.peek();
    if (token.kind !== "word" || !this.tokens.isSymbol("(", 1)) return { type: "path", path: readPath(this.tokens) };
    this.tokens.next();
    this.tokens.next();
    const operands = this.tokens.listUntil(")", () => this.operand());
    return { type: "call", name: token.text.toLowerCase(), operands };
  }

  private comparison(): BoundCondition {
    const left = this.operand();
    if (left.type === "call" && left.name !== "size") return this.test(left.name, left.operands);
    const token = this.tokens.peek();
    const sign = token.text === "!=" ? "<>" : token.text;
    if (token.kind === "symbol" && COMPARATORS.has(sign)) {
      this.tokens.next();
      return { type: "compare", comparator: sign as Comparator, left, right: this.operand() };
    }
    if (this.tokens.takesWords("BETWEEN")) {
      const low = this.operand();
      this.tokens.expectWords("AND");
      return { type: "between", operand: left, low, high: this.operand() };
    }
    if (this.tokens.takesWords("NOT", "IN")) return { type: "not", condition: this.membership(left) };
    if (this.tokens.takesWords("IN")) return this.membership(left);
    this.tokens.expectWords("IS");
    const isNot = this.tokens.takesWords("NOT");
    const condition = this.state(left);
    return isNot ? { type: "not", condition } : condition;
  }

  private membership(operand: Operand): BoundCondition {
    const end = this.tokens.takesSymbol("[") ? "]" : ")";
    if (end === ")") this.tokens.expectSymbol("(");
    const list = this.tokens.listUntil(end, () => this.operand());
    if (list.length === 0) throw notWellFormed("IN needs at least one value");
    return { type: "in", operand, list };
  }

  private state(operand: Operand): BoundCondition {
    if (this.tokens.takesWords("MISSING")) return { type: "test", name: "attribute_not_exists", operands: [operand] };
    this.tokens.expectWords("NULL");
    const kind: Operand = { type: "constant", value: { S: "NULL" } };
    return { type: "test", name: "attribute_type", operands: [operand, kind] };
  }

  private test(name: string, operands: readonly Operand[]): BoundCondition {
    const wanted = TESTS[name];
    if (wanted === undefined) throw notWellFormed(`Unknown function ${name}`);
    if (operands.length !== wanted) throw notWellFormed(`The function ${name} takes ${wanted} arguments`);
    return { type: "test", name, operands };
  }
}
