import type { Operand, Path, SetValue, Update } from "../expressions/tree.ts";
import type { AttributeValue } from "../values/attribute-value.ts";
import { ConditionReader, readPath } from "./conditions.ts";
import { notWellFormed } from "./lexer.ts";
import type { Returning, Statement } from "./statement.ts";
import { TokenStream } from "./token-stream.ts";
import { Parameters, readValue } from "./values.ts";

const STATEMENT_LENGTH_MAX = 8192;

/**
 * Reads one PartiQL statement and puts its parameters in.
 * Errors: `InvalidStatement`, `InvalidItem` (a value that no item could hold)
 * Source: DynamoDB Developer Guide, "PartiQL - a SQL-compatible query language"
 */
export function parseStatement(text: string, values: readonly AttributeValue[] = []): Statement {
  if (text.length > STATEMENT_LENGTH_MAX) throw notWellFormed(`It is longer than ${STATEMENT_LENGTH_MAX} characters`);
  const tokens = new TokenStream(text);
  const parameters = new Parameters(values);
  const statement = statementOf(tokens, parameters);
  tokens.expectEnd();
  parameters.expectAllUsed();
  return statement;
}

function statementOf(tokens: TokenStream, parameters: Parameters): Statement {
  if (tokens.takesWords("SELECT")) return select(tokens, parameters);
  if (tokens.takesWords("INSERT", "INTO")) return insert(tokens, parameters);
  if (tokens.takesWords("UPDATE")) return update(tokens, parameters);
  if (tokens.takesWords("DELETE", "FROM")) return remove(tokens, parameters);
  tokens.expectWords("EXISTS");
  tokens.expectSymbol("(");
  tokens.expectWords("SELECT");
  const checked = select(tokens, parameters);
  tokens.expectSymbol(")");
  return { ...checked, isCheck: true };
}

function select(tokens: TokenStream, parameters: Parameters): Statement & { readonly kind: "select" } {
  const paths = tokens.takesSymbol("*") ? undefined : pathList(tokens);
  tokens.expectWords("FROM");
  const table = tokens.name();
  const index = tokens.takesSymbol(".") ? tokens.name() : undefined;
  const where = tokens.takesWords("WHERE") ? new ConditionReader(tokens, parameters).condition() : undefined;
  const orderBy = tokens.takesWords("ORDER", "BY") ? orderings(tokens) : [];
  return {
    kind: "select",
    table,
    ...(index !== undefined && { index }),
    ...(paths && { paths }),
    ...(where && { where }),
    orderBy,
  };
}

function pathList(tokens: TokenStream): Path[] {
  const paths = [readPath(tokens)];
  while (tokens.takesSymbol(",")) paths.push(readPath(tokens));
  return paths;
}

function orderings(tokens: TokenStream): { attribute: string; isForward: boolean }[] {
  const found: { attribute: string; isForward: boolean }[] = [];
  do {
    const attribute = tokens.name();
    const isForward = !tokens.takesWords("DESC");
    if (isForward) tokens.takesWords("ASC");
    found.push({ attribute, isForward });
  } while (tokens.takesSymbol(","));
  return found;
}

function insert(tokens: TokenStream, parameters: Parameters): Statement {
  const table = tokens.name();
  tokens.expectWords("VALUE");
  const value = readValue(tokens, parameters);
  if (value.M === undefined) throw notWellFormed("INSERT needs an item in braces");
  return { kind: "insert", table, item: value.M };
}

function update(tokens: TokenStream, parameters: Parameters): Statement {
  const table = tokens.name();
  const changes = { set: [], remove: [], add: [], delete: [] } satisfies Update<Operand>;
  const clauses: { -readonly [K in keyof Update<Operand>]: Update<Operand>[K][number][] } = changes;
  for (;;) {
    if (tokens.takesWords("SET")) {
      do assign(tokens, parameters, clauses);
      while (tokens.takesSymbol(","));
    } else if (tokens.takesWords("REMOVE")) {
      clauses.remove.push(...pathList(tokens));
    } else break;
  }
  if (Object.values(clauses).every((list) => list.length === 0)) throw tokens.unexpected();
  tokens.expectWords("WHERE");
  const where = new ConditionReader(tokens, parameters).condition();
  return { kind: "update", table, update: clauses, where, ...returning(tokens) };
}

type Clauses = { [K in keyof Update<Operand>]: Update<Operand>[K][number][] };

function assign(tokens: TokenStream, parameters: Parameters, clauses: Clauses): void {
  const path = readPath(tokens);
  tokens.expectSymbol("=");
  const reader = new ConditionReader(tokens, parameters);
  const left = reader.operand();
  if (left.type === "call" && (left.name === "set_add" || left.name === "set_delete")) {
    const [target, value] = left.operands;
    const isSame = target?.type === "path" && JSON.stringify(target.path) === JSON.stringify(path);
    if (!isSame || value === undefined) throw notWellFormed(`${left.name} takes the attribute it is assigned to`);
    (left.name === "set_add" ? clauses.add : clauses.delete).push({ path, value });
    return;
  }
  if (left.type === "call" && left.name !== "list_append" && left.name !== "if_not_exists") {
    throw notWellFormed(`Unknown function ${left.name}`);
  }
  clauses.set.push({ path, value: withOperator(tokens, reader, left) });
}

function withOperator(tokens: TokenStream, reader: ConditionReader, left: Operand): SetValue<Operand> {
  for (const operator of ["+", "-"] as const) {
    if (tokens.takesSymbol(operator)) return { left, operator, right: reader.operand() };
  }
  return { left };
}

function remove(tokens: TokenStream, parameters: Parameters): Statement {
  const table = tokens.name();
  tokens.expectWords("WHERE");
  const where = new ConditionReader(tokens, parameters).condition();
  const shown = returning(tokens);
  if (shown.returning && !(shown.returning.which === "all" && shown.returning.when === "old")) {
    throw notWellFormed("DELETE returns nothing but ALL OLD *");
  }
  return { kind: "delete", table, where, ...shown };
}

function returning(tokens: TokenStream): { readonly returning?: Returning } {
  if (!tokens.takesWords("RETURNING")) return {};
  const which = tokens.takesWords("ALL") ? "all" : "modified";
  if (which === "modified") tokens.expectWords("MODIFIED");
  const when = tokens.takesWords("OLD") ? "old" : "new";
  if (when === "new") tokens.expectWords("NEW");
  tokens.expectSymbol("*");
  return { returning: { which, when } };
}
