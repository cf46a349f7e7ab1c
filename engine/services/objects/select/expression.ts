import { errors } from "../errors.ts";

/** The SQL of one object: `SELECT ... FROM S3Object[*].path alias WHERE ... LIMIT n`. */

export type Expression =
  | { readonly kind: "literal"; readonly value: unknown }
  | { readonly kind: "path"; readonly steps: readonly (string | number)[]; readonly isExact: boolean }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: "cast"; readonly of: Expression; readonly type: string }
  | { readonly kind: "case"; readonly branches: readonly Branch[]; readonly otherwise: Expression }
  | { readonly kind: "binary"; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | { readonly kind: "not"; readonly of: Expression }
  | { readonly kind: "minus"; readonly of: Expression }
  | { readonly kind: "is"; readonly of: Expression; readonly what: "NULL" | "MISSING"; readonly isNot: boolean }
  | { readonly kind: "in"; readonly of: Expression; readonly list: readonly Expression[] }
  | { readonly kind: "between"; readonly of: Expression; readonly low: Expression; readonly high: Expression }
  | { readonly kind: "like"; readonly of: Expression; readonly pattern: Expression; readonly escape?: Expression };

export interface Branch {
  readonly when: Expression;
  readonly gives: Expression;
}

export interface Query {
  /** Undefined for `*`. */
  readonly columns: readonly { readonly name: string | undefined; readonly value: Expression }[] | undefined;
  /** Below the record: what follows `S3Object`; `*` for every element. */
  readonly from: readonly (string | number)[];
  readonly alias: string | undefined;
  readonly where: Expression | undefined;
  readonly limit: number | undefined;
}

interface Token {
  readonly kind: "word" | "quoted" | "text" | "number" | "sign" | "end";
  readonly text: string;
}
const FORMS = [
  String.raw`([A-Za-z_][A-Za-z0-9_]*)`,
  String.raw`"((?:[^"]|"")*)"`,
  String.raw`'((?:[^']|'')*)'`,
  String.raw`(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)`,
  String.raw`(<>|!=|<=|>=|\|\||[-+*/%=<>(),.[\]])`,
];
const TOKEN = new RegExp(String.raw`\s*(?:${FORMS.join("|")})`, "y");
const KINDS = ["word", "quoted", "text", "number", "sign"] as const;

const invalid = (why: string) => errors.SelectInvalid({ why });

function tokensOf(sql: string): Token[] {
  const tokens: Token[] = [];
  const text = sql.trim().replace(/;$/, "");
  TOKEN.lastIndex = 0;
  for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (!match) throw invalid(`Unexpected character at position ${at}: ${text.slice(at, at + 10)}`);
    const found = KINDS.findIndex((_, index) => match[index + 1] !== undefined);
    const raw = match[found + 1] ?? "";
    const kind = KINDS[found] ?? "sign";
    const plain = kind === "quoted" ? raw.replaceAll('""', '"') : raw;
    tokens.push({ kind, text: kind === "text" ? raw.replaceAll("''", "'") : plain });
  }
  return [...tokens, { kind: "end", text: "the end" }];
}

const COMPARISONS: ReadonlySet<string> = new Set(["=", "<>", "!=", "<", "<=", ">", ">="]);
const RESERVED: ReadonlySet<string> = new Set(["WHERE", "LIMIT", "FROM", "AS", "AND", "OR"]);

class Parser {
  private readonly tokens: readonly Token[];
  private at = 0;

  constructor(sql: string) {
    this.tokens = tokensOf(sql);
  }

  private get token(): Token {
    return this.tokens[this.at] as Token;
  }

  private isWord(word: string): boolean {
    return this.token.kind === "word" && this.token.text.toUpperCase() === word;
  }

  private takeWord(word: string): boolean {
    if (!this.isWord(word)) return false;
    this.at += 1;
    return true;
  }

  private takeSign(sign: string): boolean {
    if (this.token.kind !== "sign" || this.token.text !== sign) return false;
    this.at += 1;
    return true;
  }

  private expect(what: string, isThere: boolean): void {
    if (!isThere) throw invalid(`Expected ${what}, found ${this.token.text}`);
  }

  private isName(): boolean {
    return this.token.kind === "word" && !RESERVED.has(this.token.text.toUpperCase());
  }

  private takeName(): string {
    const { kind, text } = this.token;
    this.expect("a name", kind === "word" || kind === "quoted");
    this.at += 1;
    return text;
  }

  query(): Query {
    this.expect("SELECT", this.takeWord("SELECT"));
    const columns = this.takeSign("*") ? undefined : this.columns();
    this.expect("FROM", this.takeWord("FROM"));
    this.expect("S3Object", this.takeWord("S3OBJECT"));
    const from = this.steps(true);
    if (from[0] === "*") from.shift();
    this.takeWord("AS");
    const alias = this.isName() ? this.takeName() : undefined;
    const where = this.takeWord("WHERE") ? this.or() : undefined;
    const limit = this.takeWord("LIMIT") ? Number(this.token.text) : undefined;
    if (limit !== undefined) {
      this.expect("a number", this.token.kind === "number" && Number.isInteger(limit));
      this.at += 1;
    }
    this.expect("the end", this.token.kind === "end");
    return { columns, from, alias, where, limit };
  }

  private columns(): NonNullable<Query["columns"]> {
    const columns: { name: string | undefined; value: Expression }[] = [];
    do {
      const value = this.or();
      const isNamed = this.takeWord("AS") || this.isName();
      columns.push({ name: isNamed ? this.takeName() : undefined, value });
    } while (this.takeSign(","));
    return columns;
  }

  private steps(isFrom = false): (string | number)[] {
    const steps: (string | number)[] = [];
    for (;;) {
      if (this.takeSign(".")) steps.push(this.takeSign("*") ? "*" : this.takeName());
      else if (this.takeSign("[")) {
        if (isFrom && this.takeSign("*")) steps.push("*");
        else {
          this.expect("a position", this.token.kind === "number");
          steps.push(Number(this.token.text));
          this.at += 1;
        }
        this.expect("]", this.takeSign("]"));
      } else return steps;
    }
  }

  private or(): Expression {
    let left = this.and();
    while (this.takeWord("OR")) left = { kind: "binary", operator: "OR", left, right: this.and() };
    return left;
  }

  private and(): Expression {
    let left = this.not();
    while (this.takeWord("AND")) left = { kind: "binary", operator: "AND", left, right: this.not() };
    return left;
  }

  private not(): Expression {
    return this.takeWord("NOT") ? { kind: "not", of: this.not() } : this.comparison();
  }

  private comparison(): Expression {
    const left = this.sum();
    if (this.token.kind === "sign" && COMPARISONS.has(this.token.text)) {
      const operator = this.token.text;
      this.at += 1;
      return { kind: "binary", operator, left, right: this.sum() };
    }
    if (this.takeWord("IS")) {
      const isNot = this.takeWord("NOT");
      const what = this.takeWord("MISSING") ? "MISSING" : "NULL";
      if (what === "NULL") this.expect("NULL", this.takeWord("NULL"));
      return { kind: "is", of: left, what, isNot };
    }
    const isNot = this.takeWord("NOT");
    const test = this.membership(left);
    this.expect("IN, BETWEEN or LIKE", test !== undefined || !isNot);
    if (!test) return left;
    return isNot ? { kind: "not", of: test } : test;
  }

  private membership(of: Expression): Expression | undefined {
    if (this.takeWord("IN")) {
      this.expect("(", this.takeSign("("));
      const list = this.list();
      return { kind: "in", of, list };
    }
    if (this.takeWord("BETWEEN")) {
      const low = this.sum();
      this.expect("AND", this.takeWord("AND"));
      return { kind: "between", of, low, high: this.sum() };
    }
    if (!this.takeWord("LIKE")) return undefined;
    const pattern = this.sum();
    return this.takeWord("ESCAPE") ? { kind: "like", of, pattern, escape: this.sum() } : { kind: "like", of, pattern };
  }

  private list(): Expression[] {
    const list: Expression[] = [];
    if (this.takeSign(")")) return list;
    do list.push(this.or());
    while (this.takeSign(","));
    this.expect(")", this.takeSign(")"));
    return list;
  }

  private sum(): Expression {
    let left = this.product();
    for (;;) {
      const operator = ["+", "-", "||"].find((sign) => this.takeSign(sign));
      if (operator === undefined) return left;
      left = { kind: "binary", operator, left, right: this.product() };
    }
  }

  private product(): Expression {
    let left = this.unary();
    for (;;) {
      const operator = ["*", "/", "%"].find((sign) => this.takeSign(sign));
      if (operator === undefined) return left;
      left = { kind: "binary", operator, left, right: this.unary() };
    }
  }

  private unary(): Expression {
    if (this.takeSign("-")) return { kind: "minus", of: this.unary() };
    if (!this.takeSign("(")) return this.value();
    const inner = this.or();
    this.expect(")", this.takeSign(")"));
    return inner;
  }

  private value(): Expression {
    const { kind, text } = this.token;
    this.expect("a value", kind !== "end" && kind !== "sign");
    this.at += 1;
    if (kind === "text") return { kind: "literal", value: text };
    if (kind === "number") return { kind: "literal", value: Number(text) };
    const word = text.toUpperCase();
    if (kind === "word" && word === "NULL") return { kind: "literal", value: null };
    if (kind === "word" && (word === "TRUE" || word === "FALSE")) return { kind: "literal", value: word === "TRUE" };
    if (kind === "word" && word === "CASE") return this.choice();
    if (kind === "word" && this.takeSign("(")) return this.call(word);
    return { kind: "path", steps: [text, ...this.steps()], isExact: kind === "quoted" };
  }

  /** `CASE WHEN condition THEN ...`, and `CASE value WHEN other THEN ...` which is the same of equality. */
  private choice(): Expression {
    const subject = this.isWord("WHEN") ? undefined : this.or();
    const branches: Branch[] = [];
    while (this.takeWord("WHEN")) {
      const asked = this.or();
      const when: Expression = subject ? { kind: "binary", operator: "=", left: subject, right: asked } : asked;
      this.expect("THEN", this.takeWord("THEN"));
      branches.push({ when, gives: this.or() });
    }
    this.expect("WHEN", branches.length > 0);
    const otherwise: Expression = this.takeWord("ELSE") ? this.or() : { kind: "literal", value: null };
    this.expect("END", this.takeWord("END"));
    return { kind: "case", branches, otherwise };
  }

  private call(name: string): Expression {
    if (name === "CAST") {
      const of = this.or();
      this.expect("AS", this.takeWord("AS"));
      const type = this.takeName().toUpperCase();
      this.expect(")", this.takeSign(")"));
      return { kind: "cast", of, type };
    }
    if (name === "COUNT" && this.takeSign("*")) {
      this.expect(")", this.takeSign(")"));
      return { kind: "call", name, args: [{ kind: "literal", value: true }] };
    }
    return { kind: "call", name, args: this.list() };
  }
}

/** Errors: `SelectInvalid` */
export const parseQuery = (sql: string): Query => new Parser(sql).query();
