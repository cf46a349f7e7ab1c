import type { CtyType } from "./cty-type.ts";

/** A value that is known only after apply. What Terraform tells beforehand about it is not needed here. */
export class CtyUnknown {
  toJSON(): string {
    return "(known after apply)";
  }
}
export const UNKNOWN = new CtyUnknown();

/** A number that a JavaScript number cannot hold exactly. */
export class Decimal {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** A value that brings its type along. */
export class CtyDynamic {
  readonly type: CtyType;
  readonly value: CtyValue;
  constructor(type: CtyType, value: CtyValue) {
    this.type = type;
    this.value = value;
  }
}

/** Absent parts of an object are null. */
export type CtyValue =
  | null
  | boolean
  | number
  | string
  | Decimal
  | CtyUnknown
  | CtyDynamic
  | readonly CtyValue[]
  | { readonly [name: string]: CtyValue };

export type CtyObject = { readonly [name: string]: CtyValue };

export const isUnknownCty = (value: CtyValue | undefined): value is CtyUnknown => value instanceof CtyUnknown;
export const isCtyList = (value: CtyValue | undefined): value is readonly CtyValue[] => Array.isArray(value);
export const isCtyObject = (value: CtyValue | undefined): value is CtyObject =>
  typeof value === "object" &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof CtyUnknown || value instanceof Decimal || value instanceof CtyDynamic);

const NUMBER = /^([+-]?)(\d*)(?:[.](\d*))?(?:[eE]([+-]?\d+))?$/;

/** Two texts of one number have one form: sign, digits without zeros at the ends, and where the point stands. */
function normalForm(text: string): string | undefined {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = NUMBER.exec(text) ?? [];
  if (whole + fraction === "") return undefined;
  const digits = (whole + fraction).replace(/^0+/, "");
  if (digits === "") return "0";
  const short = digits.replace(/0+$/, "");
  const power = Number(exponent) - fraction.length + (digits.length - short.length);
  return `${sign === "-" ? "-" : ""}${short}e${power}`;
}

/** A decimal text as a number where that loses nothing; undefined when it is not a number. */
export function numberFromText(text: string): number | Decimal | undefined {
  const wanted = normalForm(text);
  if (wanted === undefined) return undefined;
  const number = Number(text);
  return normalForm(String(number)) === wanted ? number : new Decimal(text);
}

/** `toPrecision` goes no further; a number that needs more digits is kept to these. */
const DIGITS_MAX = 100;

/**
 * A binary number as Terraform holds it. `0.1` in a configuration is exactly a tenth there, which no binary number is:
 * one that is not what its shortest text says keeps all of its digits.
 */
export function numberFromDouble(double: number): number | Decimal {
  if (!Number.isFinite(double)) return double;
  const exact = double.toPrecision(DIGITS_MAX);
  return normalForm(exact) === normalForm(String(double)) ? double : new Decimal(exact);
}

/** Whether two values are the same to Terraform. Something unknown is the same as something unknown. */
export function sameCty(a: CtyValue, b: CtyValue): boolean {
  if (a === b) return true;
  if (isUnknownCty(a) || isUnknownCty(b)) return isUnknownCty(a) && isUnknownCty(b);
  if (a instanceof Decimal || b instanceof Decimal)
    return a instanceof Decimal && b instanceof Decimal && normalForm(a.text) === normalForm(b.text);
  if (a instanceof CtyDynamic || b instanceof CtyDynamic)
    return a instanceof CtyDynamic && b instanceof CtyDynamic && sameCty(a.value, b.value);
  if (isCtyList(a)) return isCtyList(b) && a.length === b.length && a.every((each, i) => sameCty(each, b[i] ?? null));
  if (!isCtyObject(a) || !isCtyObject(b)) return false;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => sameCty(a[name] ?? null, b[name] ?? null));
}
