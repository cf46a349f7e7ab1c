import type { BoundCondition } from "../expressions/condition.ts";
import type { Path, Operand, Update } from "../expressions/tree.ts";
import type { Item } from "../values/attribute-value.ts";

export interface Returning {
  readonly which: "all" | "modified";
  readonly when: "old" | "new";
}

/** A statement with its parameters put in: conditions and updates are those of the expressions. */
export type Statement =
  | {
      readonly kind: "select";
      readonly table: string;
      readonly index?: string;
      /** Every attribute without it. */
      readonly paths?: readonly Path[];
      readonly where?: BoundCondition;
      readonly orderBy: readonly { readonly attribute: string; readonly isForward: boolean }[];
      /** `EXISTS (SELECT …)`: a check, in transactions only. */
      readonly isCheck?: true;
    }
  | { readonly kind: "insert"; readonly table: string; readonly item: Item }
  | {
      readonly kind: "update";
      readonly table: string;
      readonly update: Update<Operand>;
      readonly where: BoundCondition;
      readonly returning?: Returning;
    }
  | {
      readonly kind: "delete";
      readonly table: string;
      readonly where: BoundCondition;
      readonly returning?: Returning;
    };

/** The conditions that must all hold. */
export const conjuncts = (where: BoundCondition | undefined): readonly BoundCondition[] =>
  where === undefined ? [] : where.type === "and" ? where.conditions.flatMap(conjuncts) : [where];

export const allOf = (conditions: readonly BoundCondition[]): BoundCondition | undefined =>
  conditions.length > 1 ? { type: "and", conditions } : conditions[0];
