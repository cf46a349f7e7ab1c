import { equalValues, firstUnknown, isUnknown, type Value } from "../value.ts";
import { unknownOf, wrong, type Arguments, type Call, type FunctionRow } from "./row.ts";

/** `true`, `false` and their texts. */
export function truthOf(value: Value | undefined): boolean | undefined {
  if (typeof value === "boolean") return value;
  if (value === "true") return true;
  return value === "false" ? false : undefined;
}

/** `decisive` settles the result whatever the other operands are, known or not. */
function combined(name: string, decisive: boolean, args: Arguments, call: Call): Value {
  let unknown: Value | undefined;
  for (const arg of args) {
    const truth = truthOf(arg);
    if (truth === decisive) return decisive;
    if (isUnknown(arg)) unknown = arg;
    else if (truth === undefined) return wrong(call, "CS1102", `${name} takes conditions`);
  }
  return unknown ?? !decisive;
}

export const and: FunctionRow = {
  usage: "[condition, condition, ...]", arity: { min: 2, max: 10 }, isCondition: true, takesUnknown: true,
  run: (args, call) => combined("Fn::And", false, args, call),
};

export const or: FunctionRow = {
  usage: "[condition, condition, ...]", arity: { min: 2, max: 10 }, isCondition: true, takesUnknown: true,
  run: (args, call) => combined("Fn::Or", true, args, call),
};

export const not: FunctionRow = {
  usage: "[condition]", arity: { min: 1, max: 1 }, isCondition: true,
  run([value], call) {
    const truth = truthOf(value);
    return truth === undefined ? wrong(call, "CS1102", "Fn::Not takes a condition") : !truth;
  },
};

/** Compared as texts, since parameters are texts: `Equals(Count, 3)` holds for "3". */
export const equals: FunctionRow = {
  usage: "[value, value]", arity: { min: 2, max: 2 }, isCondition: true,
  run: ([a, b]) => equalValues(a, b) || (typeof a !== "object" && typeof b !== "object" && String(a) === String(b)),
};

/** Its branches are evaluated by need (`evaluate.ts`), so that the one not taken reports nothing. */
export const choose: FunctionRow = {
  usage: "[condition name, value if true, value if false]", arity: { min: 3, max: 3 }, takesUnknown: true,
  run([condition, whenTrue, whenFalse]) {
    const truth = truthOf(condition);
    if (truth === undefined) return firstUnknown(condition) ?? unknownOf(condition);
    return truth ? whenTrue : whenFalse;
  },
};
