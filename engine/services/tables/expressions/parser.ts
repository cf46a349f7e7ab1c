import type { ExpressionKind } from "../errors.ts";
import { TokenStream } from "./token-stream.ts";
import {
  COMPARATORS,
  type Comparator,
  type Condition,
  type ParsedOperand,
  type Parsed,
  type Path,
  type SetValue,
  type Update,
} from "./tree.ts";

type ParsedCondition = Condition<ParsedOperand>;
/** Until the token after it is seen, `(a)` may be an operand or a condition. */
type Node = { readonly condition: ParsedCondition } | { readonly operand: ParsedOperand };

const OPERATORS_MAX = 300;
const IN_OPERANDS_MAX = 100;

class ConditionParser {
  private readonly tokens: TokenStream;
  private operators = 0;
  private lastGroup = { start: -1, end: -1 };

  constructor(tokens: TokenStream) {
    this.tokens = tokens;
  }

  whole(): ParsedCondition {
    const condition = this.asCondition(this.either());
    this.tokens.expectEnd();
    return condition;
  }

  private counted(): void {
    this.operators += 1;
    if (this.operators > OPERATORS_MAX) {
      throw this.tokens.refused(`The expression contains too many operators; operator count: ${this.operators}`);
    }
  }

  private asCondition(node: Node): ParsedCondition {
    if ("condition" in node) return node.condition;
    if (node.operand.type === "call") return { type: "test", name: node.operand.name, operands: node.operand.operands };
    throw this.tokens.unexpected();
  }

  private chain(keyword: "AND" | "OR", read: () => Node): Node {
    const first = read();
    if (!this.tokens.isWord(keyword)) return first;
    const conditions = [this.asCondition(first)];
    while (this.tokens.takesWords(keyword)) {
      this.counted();
      conditions.push(this.asCondition(read()));
    }
    return { condition: { type: keyword === "AND" ? "and" : "or", conditions } };
  }
  private either(): Node {
    return this.chain("OR", () => this.chain("AND", () => this.negation()));
  }
  private negation(): Node {
    if (!this.tokens.takesWords("NOT")) return this.comparison();
    this.counted();
    return { condition: { type: "not", condition: this.tokens.nested(() => this.asCondition(this.negation())) } };
  }

  private group(): Node {
    const start = this.tokens.position;
    this.tokens.expectSymbol("(");
    const inner = this.tokens.nested(() => this.either());
    const end = this.tokens.position;
    this.tokens.expectSymbol(")");
    if (this.lastGroup.start === start + 1 && this.lastGroup.end === end - 1) {
      throw this.tokens.refused("The expression has redundant parentheses;");
    }
    this.lastGroup = { start, end };
    return inner;
  }
  private term(): Node {
    return this.tokens.isSymbol("(") ? this.group() : { operand: this.tokens.operand() };
  }
  private operand(): ParsedOperand {
    const node = this.term();
    if ("operand" in node) return node.operand;
    throw this.tokens.unexpected();
  }

  private comparison(): Node {
    const first = this.term();
    if (!("operand" in first)) return first;
    const operand = first.operand;
    const token = this.tokens.peek();
    if (token.kind === "symbol" && COMPARATORS.has(token.text)) {
      this.counted();
      this.tokens.next();
      return {
        condition: { type: "compare", comparator: token.text as Comparator, left: operand, right: this.operand() },
      };
    }
    if (this.tokens.takesWords("BETWEEN")) {
      this.counted();
      const low = this.operand();
      if (!this.tokens.takesWords("AND")) throw this.tokens.unexpected();
      return { condition: { type: "between", operand, low, high: this.operand() } };
    }
    if (this.tokens.takesWords("IN")) return { condition: this.membership(operand) };
    return first;
  }

  private membership(operand: ParsedOperand): ParsedCondition {
    this.counted();
    this.tokens.expectSymbol("(");
    const list = this.tokens.list(() => this.operand());
    this.tokens.expectSymbol(")");
    if (list.length > IN_OPERANDS_MAX) {
      throw this.tokens.refused(
        "Incorrect number of operands for operator or function; operator or function: IN, "
          + `number of operands: ${list.length + 1}`,
      );
    }
    return { type: "in", operand, list };
  }
}

/** One operand, or arithmetic in parentheses. */
function setTerm(tokens: TokenStream): SetValue<ParsedOperand> {
  if (!tokens.takesSymbol("(")) return { left: tokens.operand() };
  const isGroup = tokens.isSymbol("(");
  const first = tokens.nested(() => setTerm(tokens));
  if (isGroup && tokens.isSymbol(")")) throw tokens.refused("The expression has redundant parentheses;");
  const inner = arithmetic(tokens, first);
  tokens.expectSymbol(")");
  return inner;
}
function arithmetic(tokens: TokenStream, first: SetValue<ParsedOperand>): SetValue<ParsedOperand> {
  if (first.operator) return first;
  for (const operator of ["+", "-"] as const) {
    if (!tokens.takesSymbol(operator)) continue;
    const second = setTerm(tokens);
    if (second.operator) throw tokens.unexpected();
    return { left: first.left, operator, right: second.left };
  }
  return first;
}
const setValue = (tokens: TokenStream) => arithmetic(tokens, setTerm(tokens));

const SECTIONS = ["SET", "REMOVE", "ADD", "DELETE"] as const;

function updateOf(tokens: TokenStream): Update<ParsedOperand> {
  const update: { -readonly [K in keyof Update<ParsedOperand>]: Update<ParsedOperand>[K] } = {
    set: [],
    remove: [],
    add: [],
    delete: [],
  };
  const seen = new Set<string>();
  const pathAndValue = () => ({ path: tokens.path(), value: tokens.placeholder() });
  while (tokens.peek().kind !== "end") {
    const section = SECTIONS.find((word) => tokens.isWord(word));
    if (section === undefined) throw tokens.unexpected();
    if (seen.has(section))
      throw tokens.refused(`The "${section}" section can only be used once in an update expression;`);
    seen.add(section);
    tokens.next();
    if (section === "REMOVE") update.remove = tokens.list(() => tokens.path());
    else if (section === "ADD") update.add = tokens.list(pathAndValue);
    else if (section === "DELETE") update.delete = tokens.list(pathAndValue);
    else {
      update.set = tokens.list(() => {
        const path = tokens.path();
        tokens.expectSymbol("=");
        return { path, value: setValue(tokens) };
      });
    }
  }
  return update;
}

function pathsOf(tokens: TokenStream): readonly Path[] {
  const paths = tokens.list(() => tokens.path());
  tokens.expectEnd();
  return paths;
}

/** Parses a text once: the same few expressions come with every request of a program. */
function cached<Tree>(read: (tokens: TokenStream) => Tree): (expression: ExpressionKind, text: string) => Parsed<Tree> {
  const ENTRIES_MAX = 2000;
  const entries = new Map<string, Parsed<Tree>>();
  return (expression, text) => {
    const known = entries.get(text);
    if (known) return known;
    const tokens = new TokenStream(expression, text);
    const parsed = { tree: read(tokens), names: tokens.names, values: tokens.values };
    // The oldest goes: a Map keeps the order in which entries came.
    if (entries.size >= ENTRIES_MAX) entries.delete(entries.keys().next().value ?? "");
    entries.set(text, parsed);
    return parsed;
  };
}

/** Condition, filter and key-condition expressions. Errors: `InvalidExpression`, and nothing else. */
export const parseCondition = cached((tokens) => new ConditionParser(tokens).whole());
/** Errors: `InvalidExpression`, and nothing else. */
export const parseUpdate = cached(updateOf);
/** Errors: `InvalidExpression`, and nothing else. */
export const parseProjection = cached(pathsOf);
