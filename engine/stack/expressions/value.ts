/** What an expression gives: a plain value, some of whose parts may not be known before something was applied. */
export type Value = null | boolean | number | string | Unknown | readonly Value[] | { readonly [key: string]: Value };

/** A value that exists only after apply. Says whose. */
export class Unknown {
  /** Where it will come from: `Net`, `Net.CIDRBlock`. */
  readonly from: string;
  /** Of a text that is known in part: its pieces, in order. */
  readonly pieces?: readonly (string | Unknown)[];
  constructor(from: string, pieces?: readonly (string | Unknown)[]) {
    this.from = from;
    if (pieces) this.pieces = pieces;
  }
  toJSON(): { readonly knownAfterApply: string; readonly pieces?: readonly (string | Unknown)[] } {
    return { knownAfterApply: this.from, ...(this.pieces && { pieces: this.pieces }) };
  }
}

/** Pieces put together: a text when all of them are known, otherwise as much of it as is. */
export function textOfPieces(pieces: readonly (string | Unknown)[]): string | Unknown {
  const joined: (string | Unknown)[] = [];
  for (const piece of pieces.flatMap((each) => (isUnknown(each) && each.pieces) || [each])) {
    const last = joined.at(-1);
    if (typeof piece === "string" && typeof last === "string") joined[joined.length - 1] = last + piece;
    else if (piece !== "") joined.push(piece);
  }
  const unknown = joined.find(isUnknown);
  if (unknown === undefined) return joined.join("");
  return joined.length === 1 ? unknown : new Unknown(unknown.from, joined);
}

export const isUnknown = (value: unknown): value is Unknown => value instanceof Unknown;
export const isList = (value: Value | undefined): value is readonly Value[] => Array.isArray(value);
export const isMap = (value: Value | undefined): value is { readonly [key: string]: Value } =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !isUnknown(value);

/** The first part that is not known, or undefined when all of it is. */
export function firstUnknown(value: Value | undefined): Unknown | undefined {
  if (value === undefined || typeof value !== "object" || value === null) return undefined;
  if (isUnknown(value)) return value;
  for (const part of Object.values(value as Record<string, Value>)) {
    const found = firstUnknown(part);
    if (found) return found;
  }
  return undefined;
}

/** Equal in content; the order of keys does not matter, and something unknown equals nothing. */
export function equalValues(a: unknown, b: unknown): boolean {
  if (isUnknown(a) || isUnknown(b)) return false;
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a).filter((key) => (a as never)[key] !== undefined);
  const otherKeys = Object.keys(b).filter((key) => (b as never)[key] !== undefined);
  return (
    keys.length === otherKeys.length &&
    keys.every((key) => Object.hasOwn(b, key) && equalValues((a as never)[key], (b as never)[key]))
  );
}

/** JSON with keys in order of code units: the same text for the same value, whatever built it. */
export function canonicalJson(value: unknown): string {
  if (isUnknown(value)) return canonicalJson(value.toJSON());
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((each) => canonicalJson(each ?? null)).join(",")}]`;
  // Written out rather than left to a replacer, which copies every object: a plan of thousands of resources is hashed.
  let text = "";
  for (const key of Object.keys(value).sort()) {
    const inner = (value as Record<string, unknown>)[key];
    if (inner !== undefined) text += `${text === "" ? "" : ","}${JSON.stringify(key)}:${canonicalJson(inner)}`;
  }
  return `{${text}}`;
}

/** A copy without keys whose value is `undefined`, which no record can hold. */
export function withoutUndefined<T>(value: T): T {
  if (typeof value !== "object" || value === null || isUnknown(value)) return value;
  if (Array.isArray(value)) return value.map(withoutUndefined) as T;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (inner === undefined ? [] : [[key, withoutUndefined(inner)]])),
  ) as T;
}
