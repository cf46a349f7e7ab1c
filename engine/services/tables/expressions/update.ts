import { errors } from "../errors.ts";
import { addNumbers } from "../values/numbers.ts";
import { kindOf, setMembers, type AttributeValue, type Item, type ValueKind } from "../values/attribute-value.ts";
import { DocumentDraft } from "./document-draft.ts";
import { parseUpdate } from "./parser.ts";
import { clashAmong, valueAt } from "./paths.ts";
import type { Placeholders } from "./placeholders.ts";
import type { Operand, Path, SetValue, Update } from "./tree.ts";

export interface BoundUpdate extends Update<Operand> {
  /** Every path that is written. */
  readonly paths: readonly Path[];
}

const KIND_NAMES: Readonly<Record<ValueKind, string>> = {
  S: "STRING",
  N: "NUMBER",
  B: "BINARY",
  SS: "STRING_SET",
  NS: "NUMBER_SET",
  BS: "BINARY_SET",
  M: "MAP",
  L: "LIST",
  NULL: "NULL",
  BOOL: "BOOLEAN",
};
const SETS: ReadonlySet<ValueKind> = new Set(["SS", "NS", "BS"]);

const refused = (reason: string) => errors.InvalidExpression({ expression: "update", reason });
const wrongType = () =>
  errors.UpdateNotApplicable({ reason: "An operand in the update expression has an incorrect data type" });

function checkConstant(name: string, operand: Operand, wanted: ValueKind): void {
  if (operand.type !== "constant" || kindOf(operand.value) === wanted) return;
  throw refused(
    "Incorrect operand type for operator or function; "
      + `operator or function: ${name}, operand type: ${kindOf(operand.value)}`,
  );
}

function checkOperand(operand: Operand): void {
  if (operand.type !== "call") return;
  const { name, operands } = operand;
  if (name !== "if_not_exists" && name !== "list_append") {
    const isKnown = [
      "attribute_exists",
      "attribute_not_exists",
      "attribute_type",
      "begins_with",
      "contains",
      "size",
    ].includes(name);
    throw refused(
      isKnown
        ? `The function is not allowed in an update expression; function: ${name}`
        : `Invalid function name; function: ${name}`,
    );
  }
  if (operands.length !== 2) {
    throw refused(
      "Incorrect number of operands for operator or function; "
        + `operator or function: ${name}, number of operands: ${operands.length}`,
    );
  }
  if (name === "if_not_exists" && operands[0]?.type !== "path") {
    throw refused(`Operator or function requires a document path; operator or function: ${name}`);
  }
  for (const inner of operands) {
    if (name === "list_append") checkConstant(name, inner, "L");
    checkOperand(inner);
  }
}

function checkSetOperand(section: "ADD" | "DELETE", operand: Operand): void {
  const kind = operand.type === "constant" ? kindOf(operand.value) : undefined;
  if (kind === undefined || SETS.has(kind) || (section === "ADD" && kind === "N")) return;
  throw refused(
    "Incorrect operand type for operator or function; "
      + `operator: ${section}, operand type: ${KIND_NAMES[kind]}, typeSet: ALLOWED_FOR_${section}_OPERAND`,
  );
}

/** Parses and binds an update. Errors: `InvalidExpression` */
export function bindUpdate(text: string, placeholders: Placeholders): BoundUpdate {
  const parsed = parseUpdate("update", text);
  placeholders.claim("update", parsed);
  const { tree } = parsed;
  const pathAndValue = ({ path, value }: (typeof tree.add)[number]) => ({
    path: placeholders.path(path),
    value: placeholders.operand(value),
  });
  const set = tree.set.map(({ path, value: { left, operator, right } }) => ({
    path: placeholders.path(path),
    value: {
      left: placeholders.operand(left),
      ...(operator && right && { operator, right: placeholders.operand(right) }),
    },
  }));
  const remove = tree.remove.map((path) => placeholders.path(path));
  const add = tree.add.map(pathAndValue);
  const del = tree.delete.map(pathAndValue);
  return checkedUpdate({ set, remove, add, delete: del });
}

/** Refuses what can be seen to be wrong without an item. Errors: `InvalidExpression` */
export function checkedUpdate({ set, remove, add, delete: del }: Update<Operand>): BoundUpdate {
  for (const { value } of set) {
    for (const operand of value.right ? [value.left, value.right] : [value.left]) {
      if (value.operator) checkConstant(value.operator, operand, "N");
      checkOperand(operand);
    }
  }
  for (const { value } of add) checkSetOperand("ADD", value);
  for (const { value } of del) checkSetOperand("DELETE", value);
  const paths = [
    ...set.map(({ path }) => path),
    ...remove,
    ...add.map(({ path }) => path),
    ...del.map(({ path }) => path),
  ];
  const reason = clashAmong(paths);
  if (reason) throw refused(reason);
  return { set, remove, add, delete: del, paths };
}

function needed(operand: Operand, item: Item): AttributeValue {
  const value = valueOf(operand, item);
  if (value !== undefined) return value;
  throw errors.UpdateNotApplicable({
    reason: "The provided expression refers to an attribute that does not exist in the item",
  });
}

function valueOf(operand: Operand, item: Item): AttributeValue | undefined {
  if (operand.type === "constant") return operand.value;
  if (operand.type === "path") return valueAt(item, operand.path);
  const [first, second] = operand.operands as [Operand, Operand];
  if (operand.name === "if_not_exists") return valueOf(first, item) ?? needed(second, item);
  const [head, tail] = [needed(first, item), needed(second, item)];
  if (head.L === undefined || tail.L === undefined) throw wrongType();
  return { L: [...head.L, ...tail.L] };
}

function computed({ left, operator, right }: SetValue<Operand>, item: Item): AttributeValue {
  const first = needed(left, item);
  if (!operator || !right) return first;
  const second = needed(right, item);
  if (first.N === undefined || second.N === undefined) throw wrongType();
  return { N: addNumbers(first.N, second.N, operator === "+" ? 1 : -1) };
}

/** A set of the same kind as `like` made of some members of `values`. */
function setLike(like: AttributeValue, members: readonly (string | Uint8Array)[]): AttributeValue {
  const kind = kindOf(like);
  return { [kind]: members };
}
const elementsOf = (value: AttributeValue): readonly (string | Uint8Array)[] => value.SS ?? value.NS ?? value.BS ?? [];

function added(old: AttributeValue | undefined, operand: AttributeValue): AttributeValue {
  if (old === undefined) return operand;
  if (kindOf(old) !== kindOf(operand)) throw wrongType();
  if (old.N !== undefined) return { N: addNumbers(old.N, operand.N ?? "0") };
  const known = new Set(setMembers(old));
  const fresh = elementsOf(operand).filter((_, index) => !known.has(setMembers(operand)?.[index] ?? ""));
  return setLike(old, [...elementsOf(old), ...fresh]);
}

/** What stays of a set; undefined when nothing does, since there are no empty sets. */
function without(old: AttributeValue, operand: AttributeValue): AttributeValue | undefined {
  if (kindOf(old) !== kindOf(operand)) throw wrongType();
  const gone = new Set(setMembers(operand));
  const names = setMembers(old) ?? [];
  const left = elementsOf(old).filter((_, index) => !gone.has(names[index] ?? ""));
  return left.length > 0 ? setLike(old, left) : undefined;
}

/**
 * The item after the update; the old one is left alone and shares its unchanged parts.
 * Every right-hand side reads the old item.
 * Errors: `UpdateNotApplicable`, `InvalidItem` (numbers out of range)
 */
export function updated(item: Item, update: BoundUpdate): Item {
  const draft = new DocumentDraft(item);
  for (const { path, value } of update.set) draft.set(path, computed(value, item));
  for (const { path, value } of update.add) {
    if (value.type === "constant") draft.set(path, added(valueAt(item, path), value.value));
  }
  for (const { path, value } of update.delete) {
    const old = valueAt(item, path);
    if (old === undefined || value.type !== "constant") continue;
    const left = without(old, value.value);
    if (left) draft.set(path, left);
    else draft.remove(path);
  }
  for (const path of update.remove) draft.remove(path);
  return draft.finish();
}
