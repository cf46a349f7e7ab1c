import type { AttributeValue } from "../values/attribute-value.ts";

/** A step into a document: a member's name or a list's index. Parsed, a name may be a placeholder (`#name`). */
export type Step = string | number;
export type Path = readonly Step[];

export interface PathOperand {
  readonly type: "path";
  readonly path: Path;
}
export interface CallOperand<Operand> {
  readonly type: "call";
  readonly name: string;
  readonly operands: readonly Operand[];
}
/** As parsed: values are placeholders. */
export type ParsedOperand =
  PathOperand | { readonly type: "placeholder"; readonly name: string } | CallOperand<ParsedOperand>;
/** As bound to one request: paths hold real names, placeholders have become constants. */
export type Operand =
  PathOperand | { readonly type: "constant"; readonly value: AttributeValue } | CallOperand<Operand>;

export type Comparator = "=" | "<>" | "<" | "<=" | ">" | ">=";
export const COMPARATORS: ReadonlySet<string> = new Set<Comparator>(["=", "<>", "<", "<=", ">", ">="]);

export type Condition<O> =
  | { readonly type: "and" | "or"; readonly conditions: readonly Condition<O>[] }
  | { readonly type: "not"; readonly condition: Condition<O> }
  | { readonly type: "compare"; readonly comparator: Comparator; readonly left: O; readonly right: O }
  | { readonly type: "between"; readonly operand: O; readonly low: O; readonly high: O }
  | { readonly type: "in"; readonly operand: O; readonly list: readonly O[] }
  | { readonly type: "test"; readonly name: string; readonly operands: readonly O[] };

/** What a SET writes: one operand, or two added or subtracted. */
export interface SetValue<O> {
  readonly left: O;
  readonly operator?: "+" | "-";
  readonly right?: O;
}
export interface Update<O> {
  readonly set: readonly { readonly path: Path; readonly value: SetValue<O> }[];
  readonly remove: readonly Path[];
  readonly add: readonly { readonly path: Path; readonly value: O }[];
  readonly delete: readonly { readonly path: Path; readonly value: O }[];
}

/** A parsed text and the placeholders it uses, in order of appearance. */
export interface Parsed<Tree> {
  readonly tree: Tree;
  readonly names: readonly string[];
  readonly values: readonly string[];
}
