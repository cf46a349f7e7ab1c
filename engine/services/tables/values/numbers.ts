import { errors } from "../errors.ts";

/** A decimal `digits[0].digits[1..] x 10^exponent`; zero has no digits. Exact: numbers never pass through a double. */
interface Decimal {
  readonly isNegative: boolean;
  /** Without leading or trailing zeros. */
  readonly digits: string;
  readonly exponent: number;
}

const DIGITS_MAX = 38;
const EXPONENT_MAX = 125;
const EXPONENT_MIN = -130;

/** Already in its normal form, and small enough for exact double arithmetic: almost every number there is. */
const smallInteger = /^(?:0|-?[1-9]\d{0,14})$/;
const decimalText = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

function decimalOf(isNegative: boolean, allDigits: string, exponentOfFirst: number): Decimal {
  let start = 0;
  while (allDigits[start] === "0") start += 1;
  let end = allDigits.length;
  while (end > start && allDigits[end - 1] === "0") end -= 1;
  if (start === end) return { isNegative: false, digits: "", exponent: 0 };
  return { isNegative, digits: allDigits.slice(start, end), exponent: exponentOfFirst - start };
}

function withinLimits(decimal: Decimal): Decimal {
  if (decimal.digits.length > DIGITS_MAX) {
    throw errors.InvalidItem({ reason: "Attempting to store more than 38 significant digits in a Number" });
  }
  if (decimal.exponent > EXPONENT_MAX) {
    throw errors.InvalidItem({
      reason: "Number overflow. Attempting to store a number with magnitude larger than supported range",
    });
  }
  if (decimal.exponent < EXPONENT_MIN) {
    throw errors.InvalidItem({
      reason: "Number underflow. Attempting to store a number with magnitude smaller than supported range",
    });
  }
  return decimal;
}

function parse(text: string): Decimal {
  const match = decimalText.exec(text);
  const whole = match?.[2] ?? "";
  const fraction = match?.[3] ?? "";
  if (!match || whole.length + fraction.length === 0) {
    throw errors.InvalidItem({
      reason:
        text === ""
          ? "The parameter cannot be converted to a numeric value"
          : `The parameter cannot be converted to a numeric value: ${text}`,
    });
  }
  const exponent = match[4] === undefined ? 0 : Number(match[4]);
  return withinLimits(decimalOf(match[1] === "-", whole + fraction, whole.length - 1 + exponent));
}

function print({ isNegative, digits, exponent }: Decimal): string {
  if (digits === "") return "0";
  const sign = isNegative ? "-" : "";
  const point = exponent + 1;
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  if (point >= digits.length) return sign + digits + "0".repeat(point - digits.length);
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/**
 * The one text of a number: plain decimal, no leading or trailing zeros, no exponent, no `-0`.
 * Errors: `InvalidItem` for what is no number, has more than 38 digits, or lies outside 1e-130 .. 9.9e125.
 */
export const normalizedNumber = (text: string): string => (smallInteger.test(text) ? text : print(parse(text)));

const scaled = (decimal: Decimal, lastExponent: number): bigint => {
  if (decimal.digits === "") return 0n;
  const ownLast = decimal.exponent - decimal.digits.length + 1;
  const magnitude = BigInt(decimal.digits) * 10n ** BigInt(ownLast - lastExponent);
  return decimal.isNegative ? -magnitude : magnitude;
};

/** `left + right`, or `left - right`, exactly. Both are normalized, and so is the result. */
export function addNumbers(left: string, right: string, sign: 1 | -1 = 1): string {
  if (smallInteger.test(left) && smallInteger.test(right)) return String(Number(left) + sign * Number(right));
  const a = parse(left);
  const b = parse(right);
  const last = Math.min(a.exponent - a.digits.length + 1, b.exponent - b.digits.length + 1);
  const sum = scaled(a, last) + BigInt(sign) * scaled(b, last);
  const digits = (sum < 0n ? -sum : sum).toString();
  return print(withinLimits(decimalOf(sum < 0n, digits, digits.length - 1 + last)));
}

const complement = (digits: string): string => {
  let text = "";
  for (let i = 0; i < digits.length; i++) text += String(9 - (digits.charCodeAt(i) - 48));
  return text;
};

/**
 * ASCII text whose order is the order of the numbers: `0…` negative, `1` zero, `2…` positive, then the exponent
 * shifted to 000..255, then the digits. Negative ones are complemented and end with `~`, so that a shorter one
 * sorts after.
 */
export function orderedNumber(text: string): string {
  const { isNegative, digits, exponent } = parse(text);
  if (digits === "") return "1";
  const shifted = String(exponent - EXPONENT_MIN).padStart(3, "0");
  return isNegative ? `0${complement(shifted)}${complement(digits)}~` : `2${shifted}${digits}`;
}

/** Negative, zero or positive, as `left` is less than, equal to or greater than `right`. Both are normalized. */
export function compareNumbers(left: string, right: string): number {
  if (left === right) return 0;
  // Up to 15 significant digits a double tells any two decimals apart.
  if (left.length <= 15 && right.length <= 15) return Number(left) - Number(right);
  return orderedNumber(left) < orderedNumber(right) ? -1 : 1;
}

/** A number's share of an item's size: two digits to the byte, one byte more, and one for a minus sign. */
export function numberSizeBytes(normalized: string): number {
  let significant = 0;
  let trailingZeros = 0;
  for (let i = 0; i < normalized.length; i++) {
    const code = normalized.charCodeAt(i);
    if (code === 48) trailingZeros += 1;
    else if (code > 48) {
      significant += significant === 0 ? 1 : trailingZeros + 1;
      trailingZeros = 0;
    }
  }
  return Math.ceil(significant / 2) + 1 + (normalized.startsWith("-") ? 1 : 0);
}
