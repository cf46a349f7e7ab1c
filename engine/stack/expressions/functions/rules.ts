import { didYouMean } from "../../diagnostics/suggestion.ts";
import { firstUnknown, isList, type Value } from "../value.ts";
import { textOf, wrong, type Call, type FunctionRow } from "./row.ts";

/** A list of texts, or of lists of texts (what several parameters of a list type give), as one list. */
function textsOf(value: Value | undefined): readonly string[] | undefined {
  if (!isList(value)) return undefined;
  const texts = value.flat().map((each) => textOf(each as Value));
  return texts.includes(undefined) ? undefined : (texts as string[]);
}

const takes = (call: Call, name: string, usage: string) => wrong(call, "CS1102", `${name} takes ${usage}`);

export const contains: FunctionRow = {
  usage: "[[texts], text]",
  arity: { min: 2, max: 2 },
  isCondition: true,
  isRuleOnly: true,
  run([list, text], call) {
    const [texts, wanted] = [textsOf(list), textOf(text)];
    if (!texts || wanted === undefined) return takes(call, "Fn::Contains", contains.usage);
    return texts.includes(wanted);
  },
};

export const eachMemberEquals: FunctionRow = {
  usage: "[[texts], text]",
  arity: { min: 2, max: 2 },
  isCondition: true,
  isRuleOnly: true,
  run([list, text], call) {
    const [texts, wanted] = [textsOf(list), textOf(text)];
    if (!texts || wanted === undefined) return takes(call, "Fn::EachMemberEquals", eachMemberEquals.usage);
    return texts.every((each) => each === wanted);
  },
};

export const eachMemberIn: FunctionRow = {
  usage: "[[texts to check], [texts allowed]]",
  arity: { min: 2, max: 2 },
  isCondition: true,
  isRuleOnly: true,
  run([list, allowed], call) {
    const [texts, known] = [textsOf(list), textsOf(allowed)];
    if (!texts || !known) return takes(call, "Fn::EachMemberIn", eachMemberIn.usage);
    return texts.every((each) => known.includes(each));
  },
};

export const refAll: FunctionRow = {
  usage: "parameter type",
  arity: { min: 1, max: 1 },
  isRuleOnly: true,
  run([type], call) {
    const name = textOf(type);
    if (name === undefined) return takes(call, "Fn::RefAll", refAll.usage);
    return parametersOf(name, call).map(({ value }) => value);
  },
};

export const valueOf: FunctionRow = {
  usage: "[parameter, attribute]",
  arity: { min: 2, max: 2 },
  isRuleOnly: true,
  run([parameter, attribute], call) {
    const [name, wanted] = [textOf(parameter), textOf(attribute)];
    if (name === undefined || wanted === undefined) return takes(call, "Fn::ValueOf", valueOf.usage);
    const declared = call.environment.ruleParameters?.() ?? [];
    const found = declared.find((each) => each.name === name);
    if (found) return found.attribute(wanted) ?? missing(name, wanted, call);
    const hint = didYouMean(name, declared.map((each) => each.name));
    return wrong(call, "CS1103", `there is no parameter "${name}"`, hint);
  },
};

export const valueOfAll: FunctionRow = {
  usage: "[parameter type, attribute]",
  arity: { min: 2, max: 2 },
  isRuleOnly: true,
  run([type, attribute], call) {
    const [name, wanted] = [textOf(type), textOf(attribute)];
    if (name === undefined || wanted === undefined) return takes(call, "Fn::ValueOfAll", valueOfAll.usage);
    const values = parametersOf(name, call).map((each) => each.attribute(wanted) ?? missing(each.name, wanted, call));
    return firstUnknown(values) ?? values;
  },
};

const parametersOf = (type: string, { environment }: Call) =>
  (environment.ruleParameters?.() ?? []).filter((each) => each.type === type);

const missing = (parameter: string, attribute: string, call: Call) =>
  wrong(call, "CS1104", `what parameter ${parameter} names has no attribute "${attribute}" here`);
