import { errors } from "../errors.ts";
import { normalizedNumber, numberSizeBytes } from "./numbers.ts";

/** One typed value: exactly one member is set. Numbers travel as text, so that no digit is lost. */
export interface AttributeValue {
  readonly S?: string;
  readonly N?: string;
  readonly B?: Uint8Array;
  readonly SS?: readonly string[];
  readonly NS?: readonly string[];
  readonly BS?: readonly Uint8Array[];
  readonly M?: Readonly<Record<string, AttributeValue>>;
  readonly L?: readonly AttributeValue[];
  readonly NULL?: boolean;
  readonly BOOL?: boolean;
}
export type ValueKind = keyof AttributeValue;
export type Item = Readonly<Record<string, AttributeValue>>;

export const VALUE_KINDS: readonly ValueKind[] = ["B", "NULL", "SS", "BOOL", "L", "BS", "N", "NS", "S", "M"];
const NESTING_MAX = 32;
const CONTAINER_BYTES = 3;
const CONTAINER_ENTRY_BYTES = 1;

const refused = (reason: string) => errors.InvalidItem({ reason });

/** The kind of a checked value. */
export function kindOf(value: AttributeValue): ValueKind {
  for (const kind in value) if (value[kind as ValueKind] !== undefined) return kind as ValueKind;
  throw refused("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes");
}

function onlyKindOf(value: AttributeValue): ValueKind {
  let found: ValueKind | undefined;
  for (const kind in value) {
    if (value[kind as ValueKind] === undefined) continue;
    if (found !== undefined) {
      throw refused(
        "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes",
      );
    }
    found = kind as ValueKind;
  }
  if (found !== undefined) return found;
  throw refused("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes");
}

/** Collects the size while values are checked, so that an item is walked once. */
interface Tally {
  sizeBytes: number;
}

/** JavaScript gives this one name a meaning of its own; refusing it is better than losing it. */
export function refuseUnsafeName(name: string): void {
  if (name === "__proto__") throw refused("CloudStacks does not store an attribute named __proto__");
}

const bytesKey = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");

function checkedStrings(members: readonly string[], tally: Tally): AttributeValue | undefined {
  if (members.length === 0) throw refused("One or more parameter values were invalid: An string set  may not be empty");
  if (new Set(members).size !== members.length) {
    throw refused(
      `One or more parameter values were invalid: Input collection [${members.join(", ")}] contains duplicates.`,
    );
  }
  for (const member of members) tally.sizeBytes += Buffer.byteLength(member);
  return undefined;
}

function checkedNumbers(members: readonly string[], tally: Tally): AttributeValue {
  if (members.length === 0) throw refused("One or more parameter values were invalid: An number set  may not be empty");
  const numbers = members.map(normalizedNumber);
  if (new Set(numbers).size !== numbers.length) throw refused("Input collection contains duplicates");
  for (const number of numbers) tally.sizeBytes += numberSizeBytes(number);
  return { NS: numbers };
}

function checkedBinaries(members: readonly Uint8Array[], tally: Tally): undefined {
  if (members.length === 0) throw refused("One or more parameter values were invalid: Binary sets should not be empty");
  if (new Set(members.map(bytesKey)).size !== members.length) {
    const printed = members.map((member) => Buffer.from(member).toString("base64")).join(", ");
    throw refused(
      `One or more parameter values were invalid: Input collection [${printed}]of type BS contains duplicates.`,
    );
  }
  for (const member of members) tally.sizeBytes += member.byteLength;
  return undefined;
}

function checkedList(list: readonly AttributeValue[], tally: Tally, depth: number): AttributeValue | undefined {
  tally.sizeBytes += CONTAINER_BYTES;
  let changed: AttributeValue[] | undefined;
  for (const [index, element] of list.entries()) {
    tally.sizeBytes += CONTAINER_ENTRY_BYTES;
    const checked = checkedValue(element, tally, depth + 1);
    if (checked !== element) (changed ??= [...list])[index] = checked;
  }
  return changed && { L: changed };
}

function checkedMap(map: Item, tally: Tally, depth: number): AttributeValue | undefined {
  tally.sizeBytes += CONTAINER_BYTES;
  let changed: Record<string, AttributeValue> | undefined;
  for (const name in map) {
    refuseUnsafeName(name);
    tally.sizeBytes += CONTAINER_ENTRY_BYTES + Buffer.byteLength(name);
    const element = map[name] as AttributeValue;
    const checked = checkedValue(element, tally, depth + 1);
    if (checked !== element) (changed ??= { ...map })[name] = checked;
  }
  return changed && { M: changed };
}

/** The value itself when it is in normal form already; a copy with normal numbers otherwise. */
function checkedValue(value: AttributeValue, tally: Tally, depth: number): AttributeValue {
  switch (onlyKindOf(value)) {
    case "S":
      tally.sizeBytes += Buffer.byteLength(value.S ?? "");
      return value;
    case "N": {
      const number = normalizedNumber(value.N ?? "");
      tally.sizeBytes += numberSizeBytes(number);
      return number === value.N ? value : { N: number };
    }
    case "B":
      tally.sizeBytes += value.B?.byteLength ?? 0;
      return value;
    case "BOOL":
      tally.sizeBytes += 1;
      return value;
    case "NULL":
      if (value.NULL !== true) {
        throw refused(
          "One or more parameter values were invalid: Null attribute value types must have the value of true",
        );
      }
      tally.sizeBytes += 1;
      return value;
    case "SS":
      return checkedStrings(value.SS ?? [], tally) ?? value;
    case "NS":
      return checkedNumbers(value.NS ?? [], tally);
    case "BS":
      return checkedBinaries(value.BS ?? [], tally) ?? value;
    case "L":
      refuseTooDeep(depth);
      return checkedList(value.L ?? [], tally, depth) ?? value;
    case "M":
      refuseTooDeep(depth);
      return checkedMap(value.M ?? {}, tally, depth) ?? value;
  }
}

function refuseTooDeep(depth: number): void {
  if (depth >= NESTING_MAX) throw refused("Nesting Levels have exceeded supported limits");
}

export interface CheckedItem {
  readonly item: Item;
  readonly sizeBytes: number;
}

/**
 * Checks an item's values, brings its numbers into normal form and measures it: one walk, and a copy only where a
 * number changed.
 * Errors: `InvalidItem`
 */
export function checkedItem(item: Item): CheckedItem {
  const tally = { sizeBytes: 0 };
  let changed: Record<string, AttributeValue> | undefined;
  for (const name in item) {
    refuseUnsafeName(name);
    tally.sizeBytes += Buffer.byteLength(name);
    const value = item[name] as AttributeValue;
    const checked = checkedValue(value, tally, 0);
    if (checked !== value) (changed ??= { ...item })[name] = checked;
  }
  return { item: changed ?? item, sizeBytes: tally.sizeBytes };
}

/** One value, checked and in normal form. */
export const normalizedValue = (value: AttributeValue): AttributeValue => checkedValue(value, { sizeBytes: 0 }, 0);

/** The members of a set in a form that can be compared: text as it is, bytes as latin1. */
export function setMembers(value: AttributeValue): readonly string[] | undefined {
  return value.SS ?? value.NS ?? value.BS?.map(bytesKey);
}

function equalSets(left: AttributeValue, right: AttributeValue): boolean {
  const a = setMembers(left);
  const b = setMembers(right);
  if (a === undefined || b === undefined || a.length !== b.length) return false;
  const members = new Set(a);
  return b.every((member) => members.has(member));
}

function equalMaps(left: Item, right: Item): boolean {
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length
    && names.every((name) => {
      const other = Object.hasOwn(right, name) ? right[name] : undefined;
      return other !== undefined && equalValues(left[name] as AttributeValue, other);
    })
  );
}

/** Whether two normalized values are the same; sets regardless of order. */
export function equalValues(left: AttributeValue, right: AttributeValue): boolean {
  if (left === right) return true;
  const kind = kindOf(left);
  if (right[kind] === undefined) return false;
  switch (kind) {
    case "S":
      return left.S === right.S;
    case "N":
      return left.N === right.N;
    case "BOOL":
      return left.BOOL === right.BOOL;
    case "NULL":
      return true;
    case "B":
      return Buffer.compare(left.B as Uint8Array, right.B as Uint8Array) === 0;
    case "L":
      return (
        left.L?.length === right.L?.length
        && (left.L ?? []).every((element, index) => equalValues(element, right.L?.[index] as AttributeValue))
      );
    case "M":
      return equalMaps(left.M ?? {}, right.M ?? {});
    default:
      return equalSets(left, right);
  }
}

/** Whether two items have the same attributes with the same values. */
export const sameItems = (left: Item, right: Item): boolean => left === right || equalMaps(left, right);
