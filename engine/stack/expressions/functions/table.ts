import { and, choose, equals, not, or } from "./logic.ts";
import { cidr, findInMap, getAzs, importValue } from "./lookup.ts";
import type { FunctionRow } from "./row.ts";
import { base64, join, select, split, sub } from "./text.ts";

/** Every function of the language beside `Ref`, `Fn::GetAtt` and `Condition`, which are references. */
export const FUNCTIONS: Readonly<Record<string, FunctionRow>> = {
  "Fn::And": and,
  "Fn::Base64": base64,
  "Fn::Cidr": cidr,
  "Fn::Equals": equals,
  "Fn::FindInMap": findInMap,
  "Fn::GetAZs": getAzs,
  "Fn::If": choose,
  "Fn::ImportValue": importValue,
  "Fn::Join": join,
  "Fn::Not": not,
  "Fn::Or": or,
  "Fn::Select": select,
  "Fn::Split": split,
  "Fn::Sub": sub,
};

/** Functions of the language that are known and refused by name. */
export const UNSUPPORTED_FUNCTIONS: ReadonlySet<string> = new Set([
  "Fn::Transform",
  "Fn::Length",
  "Fn::ToJsonString",
  "Fn::ForEach",
  "Fn::GetStackOutput",
  "Fn::Contains",
  "Fn::EachMemberEquals",
  "Fn::EachMemberIn",
  "Fn::RefAll",
  "Fn::ValueOf",
  "Fn::ValueOfAll",
]);

export const FUNCTION_NAMES: readonly string[] = [...Object.keys(FUNCTIONS), "Fn::GetAtt", "Ref"];
