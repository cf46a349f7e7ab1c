import { isList, isUnknown, textOfPieces, type Unknown, type Value } from "../value.ts";
import { textOf, unknownOf, wrong, type FunctionRow } from "./row.ts";

/** A piece of a text, known or not. */
const pieceOf = (value: Value | undefined): string | Unknown | undefined => (isUnknown(value) ? value : textOf(value));
const isPiece = (piece: string | Unknown | undefined): piece is string | Unknown => piece !== undefined;

export const join: FunctionRow = {
  usage: "[delimiter, [values]]",
  arity: { min: 2, max: 2 },
  takesUnknown: true,
  run([delimiter, values], call) {
    if (isUnknown(delimiter) || isUnknown(values)) return unknownOf(isUnknown(delimiter) ? delimiter : values);
    const texts = isList(values) ? values.map(pieceOf) : undefined;
    if (typeof delimiter !== "string" || !texts?.every(isPiece)) {
      return wrong(call, "CS1102", "Fn::Join takes a delimiter and a list of texts");
    }
    return textOfPieces(texts.flatMap((text, index) => (index === 0 ? [text] : [delimiter, text])));
  },
};

export const split: FunctionRow = {
  usage: "[delimiter, text]",
  arity: { min: 2, max: 2 },
  run([delimiter, text], call) {
    if (typeof delimiter !== "string" || delimiter === "" || typeof text !== "string") {
      return wrong(call, "CS1102", "Fn::Split takes a delimiter that is not empty and a text");
    }
    return text.split(delimiter);
  },
};

/** A known index picks a known element out of a list whose other elements are not known yet. */
export const select: FunctionRow = {
  usage: "[index, [values]]",
  arity: { min: 2, max: 2 },
  takesUnknown: true,
  run([index, values], call) {
    if (isUnknown(index) || isUnknown(values)) return unknownOf(isUnknown(index) ? index : values);
    const at = Number(textOf(index));
    if (!isList(values) || !Number.isInteger(at))
      return wrong(call, "CS1102", "Fn::Select takes a whole number and a list");
    const found = at < 0 ? undefined : values[at];
    if (found === undefined) return wrong(call, "CS1108", `there is no element ${at} in a list of ${values.length}`);
    return found;
  },
};

/** The parts of a `Fn::Sub` text, references already worked out. */
export const sub: FunctionRow = {
  usage: "text or [text, {Name: value}]",
  arity: { min: 0, max: Number.POSITIVE_INFINITY },
  takesUnknown: true,
  run(args, call) {
    const texts = args.map(pieceOf);
    if (!texts.every(isPiece))
      return wrong(call, "CS1102", "only texts, numbers and booleans can stand in a Fn::Sub text");
    return textOfPieces(texts);
  },
};

export const base64: FunctionRow = {
  usage: "text",
  arity: { min: 1, max: 1 },
  run([value], call) {
    const text = textOf(value);
    return text === undefined
      ? wrong(call, "CS1102", "Fn::Base64 takes a text")
      : Buffer.from(text, "utf8").toString("base64");
  },
};

/** Known as soon as the list is, whatever its elements are. */
export const length: FunctionRow = {
  usage: "list",
  arity: { min: 1, max: 1 },
  takesUnknown: true,
  run([list], call) {
    if (isUnknown(list)) return list;
    return isList(list) ? list.length : wrong(call, "CS1102", "Fn::Length takes a list");
  },
};

export const toJsonString: FunctionRow = {
  usage: "map or list",
  arity: { min: 1, max: 1 },
  run([value], call) {
    return typeof value === "object" && value !== null
      ? JSON.stringify(value)
      : wrong(call, "CS1102", "Fn::ToJsonString takes a map or a list");
  },
};
