import { cidr } from "./cidr.ts";
import { and, choose, equals, not, or } from "./logic.ts";
import { findInMap, getAzs } from "./lookup.ts";
import { getStackOutput, importValue } from "./other-stacks.ts";
import type { FunctionRow } from "./row.ts";
import { contains, eachMemberEquals, eachMemberIn, refAll, valueOf, valueOfAll } from "./rules.ts";
import { base64, join, length, select, split, sub, toJsonString } from "./text.ts";

/** Every function of the language beside `Ref`, `Fn::GetAtt` and `Condition`, which are references. */
export const FUNCTIONS: Readonly<Record<string, FunctionRow>> = {
  "Fn::And": and,
  "Fn::Base64": base64,
  "Fn::Cidr": cidr,
  "Fn::Contains": contains,
  "Fn::EachMemberEquals": eachMemberEquals,
  "Fn::EachMemberIn": eachMemberIn,
  "Fn::Equals": equals,
  "Fn::FindInMap": findInMap,
  "Fn::GetAZs": getAzs,
  "Fn::GetStackOutput": getStackOutput,
  "Fn::If": choose,
  "Fn::ImportValue": importValue,
  "Fn::Join": join,
  "Fn::Length": length,
  "Fn::Not": not,
  "Fn::Or": or,
  "Fn::RefAll": refAll,
  "Fn::Select": select,
  "Fn::Split": split,
  "Fn::Sub": sub,
  "Fn::ToJsonString": toJsonString,
  "Fn::ValueOf": valueOf,
  "Fn::ValueOfAll": valueOfAll,
};

/** Functions of the language that are known and refused by name, and why. */
export const REFUSED_FUNCTIONS: Readonly<Record<string, string>> = {
  "Fn::Transform": "Fn::Transform is not supported yet: macros come with functions",
  "Fn::ForEach": "Fn::ForEach is written with the name of its loop: Fn::ForEach::Name",
};

export const FUNCTION_NAMES: readonly string[] = [...Object.keys(FUNCTIONS), "Fn::GetAtt", "Ref"];
