import { errors, type ExpressionKind } from "../errors.ts";
import { compareNumbers } from "../values/numbers.ts";
import {
  equalValues,
  kindOf,
  setMembers,
  VALUE_KINDS,
  type AttributeValue,
  type Item,
  type ValueKind,
} from "../values/attribute-value.ts";
import { parseCondition } from "./parser.ts";
import { printedPath, valueAt } from "./paths.ts";
import type { Placeholders } from "./placeholders.ts";
import type { Comparator, Condition, Operand, ParsedOperand } from "./tree.ts";

export type BoundCondition = Condition<Operand>;

const ORDERED: ReadonlySet<ValueKind> = new Set(["S", "N", "B"]);
const SIZED: ReadonlySet<ValueKind> = new Set(["S", "B", "SS", "NS", "BS", "L", "M"]);
const PREFIXED: ReadonlySet<ValueKind> = new Set(["S", "B"]);
/** How many operands each test takes. */
const TESTS: Readonly<Record<string, number>> = {
  attribute_exists: 1,
  attribute_not_exists: 1,
  attribute_type: 2,
  begins_with: 2,
  contains: 2,
};
const UPDATE_FUNCTIONS: ReadonlySet<string> = new Set(["if_not_exists", "list_append"]);

const printed = (value: AttributeValue) => {
  const kind = kindOf(value);
  const text = kind === "B" ? Buffer.from(value.B ?? []).toString("base64") : String(value[kind]);
  return `AttributeValue: {${kind}:${text}}`;
};

/** Binds a parsed condition to one request and refuses what can be seen to be wrong without an item. */
class Binder {
  private readonly expression: ExpressionKind;
  private readonly placeholders: Placeholders;
  constructor(expression: ExpressionKind, placeholders: Placeholders) {
    this.expression = expression;
    this.placeholders = placeholders;
  }

  private refused(reason: string) {
    return errors.InvalidExpression({ expression: this.expression, reason });
  }

  private operand(parsed: ParsedOperand): Operand {
    const operand = this.placeholders.operand(parsed);
    if (operand.type === "call") this.checkSize(operand.name, operand.operands);
    return operand;
  }

  private checkFunctionName(name: string): void {
    if (UPDATE_FUNCTIONS.has(name)) {
      const where = this.expression === "filter" ? "filter" : "condition";
      throw this.refused(`The function is not allowed in a ${where} expression; function: ${name}`);
    }
    if (name !== "size" && TESTS[name] === undefined) throw this.refused(`Invalid function name; function: ${name}`);
  }

  private checkCount(name: string, count: number, wanted: number): void {
    if (count === wanted) return;
    throw this.refused(
      "Incorrect number of operands for operator or function; "
        + `operator or function: ${name}, number of operands: ${count}`,
    );
  }

  private checkKind(name: string, operand: Operand, kinds: ReadonlySet<ValueKind>): void {
    if (operand.type !== "constant" || kinds.has(kindOf(operand.value))) return;
    throw this.refused(
      "Incorrect operand type for operator or function; "
        + `operator or function: ${name}, operand type: ${kindOf(operand.value)}`,
    );
  }

  private checkSize(name: string, operands: readonly Operand[]): void {
    this.checkFunctionName(name);
    if (name !== "size") throw this.notHere(name);
    this.checkCount(name, operands.length, 1);
    for (const operand of operands) {
      if (operand.type === "call") throw this.notHere(operand.name);
      this.checkKind(name, operand, SIZED);
    }
  }
  private notHere(name: string) {
    return this.refused(`The function is not allowed to be used this way in an expression; function: ${name}`);
  }

  private checkDistinct(name: string, first: Operand, rest: readonly Operand[]): void {
    if (first.type !== "path") return;
    const printed = printedPath(first.path);
    if (!rest.some((other) => other.type === "path" && printedPath(other.path) === printed)) return;
    throw this.refused(
      "The first operand must be distinct from the remaining operands for this operator or function; "
        + `operator: ${name}, first operand: ${printed}`,
    );
  }

  private test(name: string, operands: readonly Operand[]): void {
    this.checkFunctionName(name);
    if (name === "size") throw this.notHere(name);
    this.checkCount(name, operands.length, TESTS[name] ?? 0);
    const [first, second] = operands as [Operand, Operand | undefined];
    if (name.startsWith("attribute_") && first.type !== "path") {
      throw this.refused(`Operator or function requires a document path; operator or function: ${name}`);
    }
    if (second === undefined) return;
    this.checkDistinct(name, first, [second]);
    if (name === "begins_with") for (const operand of operands) this.checkKind(name, operand, PREFIXED);
    if (name === "attribute_type") {
      this.checkKind(name, second, new Set(["S"]));
      const wanted = second.type === "constant" ? second.value.S : undefined;
      if (wanted !== undefined && !(VALUE_KINDS as readonly string[]).includes(wanted)) {
        throw this.refused(
          `Invalid attribute type name found; type: ${wanted}, valid types: {${VALUE_KINDS.join(",")}}`,
        );
      }
    }
  }

  private checkBounds(low: Operand, high: Operand): void {
    for (const operand of [low, high]) this.checkKind("BETWEEN", operand, ORDERED);
    if (low.type !== "constant" || high.type !== "constant") return;
    const order = orderOf(low.value, high.value);
    if (order === undefined) {
      throw this.refused(
        "The BETWEEN operator requires same data type for lower and upper bounds; "
          + `lower bound operand: ${printed(low.value)}, upper bound operand: ${printed(high.value)}`,
      );
    }
    if (order > 0) {
      throw this.refused(
        "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; "
          + `lower bound operand: ${printed(low.value)}, upper bound operand: ${printed(high.value)}`,
      );
    }
  }

  condition(parsed: Condition<ParsedOperand>): BoundCondition {
    switch (parsed.type) {
      case "and":
      case "or":
        return { type: parsed.type, conditions: parsed.conditions.map((inner) => this.condition(inner)) };
      case "not":
        return { type: "not", condition: this.condition(parsed.condition) };
      case "test": {
        const operands = parsed.operands.map((operand) => this.placeholders.operand(operand));
        this.test(parsed.name, operands);
        for (const operand of operands) if (operand.type === "call") this.checkSize(operand.name, operand.operands);
        return { type: "test", name: parsed.name, operands };
      }
      case "compare": {
        const [left, right] = [this.operand(parsed.left), this.operand(parsed.right)];
        this.checkDistinct(parsed.comparator, left, [right]);
        if (parsed.comparator !== "=" && parsed.comparator !== "<>") {
          for (const operand of [left, right]) this.checkKind(parsed.comparator, operand, ORDERED);
        }
        return { type: "compare", comparator: parsed.comparator, left, right };
      }
      case "between": {
        const [operand, low, high] = [
          this.operand(parsed.operand),
          this.operand(parsed.low),
          this.operand(parsed.high),
        ];
        this.checkDistinct("BETWEEN", operand, [low, high]);
        this.checkBounds(low, high);
        return { type: "between", operand, low, high };
      }
      case "in": {
        const operand = this.operand(parsed.operand);
        const list = parsed.list.map((element) => this.operand(element));
        this.checkDistinct("IN", operand, list);
        return { type: "in", operand, list };
      }
    }
  }
}

/** Parses and binds a condition. Errors: `InvalidExpression` */
export function bindCondition(
  expression: "condition" | "filter" | "keyCondition",
  text: string,
  placeholders: Placeholders,
): BoundCondition {
  const parsed = parseCondition(expression, text);
  placeholders.claim(expression, parsed);
  return new Binder(expression, placeholders).condition(parsed.tree);
}

/** Less than, equal to or greater than zero; undefined for kinds that have no common order. */
function orderOf(left: AttributeValue, right: AttributeValue): number | undefined {
  if (left.S !== undefined && right.S !== undefined) {
    if (left.S === right.S) return 0;
    return Buffer.compare(Buffer.from(left.S), Buffer.from(right.S));
  }
  if (left.N !== undefined && right.N !== undefined) return compareNumbers(left.N, right.N);
  if (left.B !== undefined && right.B !== undefined) return Buffer.compare(left.B, right.B);
  return undefined;
}

function sizeOf(value: AttributeValue | undefined): AttributeValue | undefined {
  if (value === undefined) return undefined;
  const measured = value.S ?? value.B ?? value.L ?? value.SS ?? value.NS ?? value.BS;
  if (measured !== undefined) return { N: String(measured.length) };
  return value.M && { N: String(Object.keys(value.M).length) };
}

function valueOf(operand: Operand, item: Item): AttributeValue | undefined {
  if (operand.type === "constant") return operand.value;
  if (operand.type === "path") return valueAt(item, operand.path);
  return sizeOf(valueOf(operand.operands[0] as Operand, item));
}

function compares(
  comparator: Comparator,
  left: AttributeValue | undefined,
  right: AttributeValue | undefined,
): boolean {
  if (left === undefined || right === undefined) return comparator === "<>";
  if (comparator === "=") return equalValues(left, right);
  if (comparator === "<>") return !equalValues(left, right);
  const order = orderOf(left, right);
  if (order === undefined) return false;
  switch (comparator) {
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
  }
}

function beginsWith(value: AttributeValue | undefined, prefix: AttributeValue | undefined): boolean {
  if (value?.S !== undefined && prefix?.S !== undefined) return value.S.startsWith(prefix.S);
  if (value?.B === undefined || prefix?.B === undefined) return false;
  return Buffer.compare(value.B.subarray(0, prefix.B.byteLength), prefix.B) === 0;
}

function contains(whole: AttributeValue | undefined, part: AttributeValue | undefined): boolean {
  if (whole === undefined || part === undefined) return false;
  if (whole.S !== undefined) return part.S !== undefined && whole.S.includes(part.S);
  if (whole.B !== undefined) return part.B !== undefined && Buffer.from(whole.B).includes(Buffer.from(part.B));
  if (whole.L !== undefined) return whole.L.some((element) => equalValues(element, part));
  const kind = kindOf(part);
  if (kind !== "S" && kind !== "N" && kind !== "B") return false;
  const member = kind === "B" ? setMembers({ BS: [part.B as Uint8Array] })?.[0] : part[kind];
  const members = whole[`${kind}S`] === undefined ? undefined : setMembers(whole);
  return members !== undefined && members.includes(member as string);
}

function passes(name: string, operands: readonly Operand[], item: Item): boolean {
  const value = valueOf(operands[0] as Operand, item);
  const second = operands[1] && valueOf(operands[1], item);
  switch (name) {
    case "attribute_exists":
      return value !== undefined;
    case "attribute_not_exists":
      return value === undefined;
    case "attribute_type":
      return value !== undefined && second?.S !== undefined && kindOf(value) === second.S;
    case "begins_with":
      return beginsWith(value, second);
    default:
      return contains(value, second);
  }
}

/** Whether a bound condition holds for an item; `{}` stands for one that does not exist. */
export function holds(condition: BoundCondition, item: Item): boolean {
  switch (condition.type) {
    case "and":
      return condition.conditions.every((inner) => holds(inner, item));
    case "or":
      return condition.conditions.some((inner) => holds(inner, item));
    case "not":
      return !holds(condition.condition, item);
    case "compare":
      return compares(condition.comparator, valueOf(condition.left, item), valueOf(condition.right, item));
    case "between": {
      const value = valueOf(condition.operand, item);
      return (
        compares(">=", value, valueOf(condition.low, item)) && compares("<=", value, valueOf(condition.high, item))
      );
    }
    case "in": {
      const value = valueOf(condition.operand, item);
      return condition.list.some((element) => compares("=", value, valueOf(element, item)));
    }
    case "test":
      return passes(condition.name, condition.operands, item);
  }
}

/** The top-level attributes a condition looks at. */
export function attributesIn(condition: BoundCondition): Set<string> {
  const found = new Set<string>();
  const look = (operand: Operand): void => {
    if (operand.type === "path") found.add(operand.path[0] as string);
    if (operand.type === "call") operand.operands.forEach(look);
  };
  const walk = (inner: BoundCondition): void => {
    switch (inner.type) {
      case "and":
      case "or":
        return inner.conditions.forEach(walk);
      case "not":
        return walk(inner.condition);
      case "compare":
        return [inner.left, inner.right].forEach(look);
      case "between":
        return [inner.operand, inner.low, inner.high].forEach(look);
      case "in":
        return [inner.operand, ...inner.list].forEach(look);
      case "test":
        return inner.operands.forEach(look);
    }
  };
  walk(condition);
  return found;
}
