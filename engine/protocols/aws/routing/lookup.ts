import { invariant } from "../../../platform/invariant.ts";
import { AwsFailure, type FailureForm } from "../codec.ts";
import type { AwsModel, AwsOperation } from "../model.ts";
import type { IndexRow, ModelIndex } from "../model-index.ts";
import { byPrecedence, isSettled } from "./precedence.ts";

export interface RoutingParts {
  readonly index: ModelIndex;
  readonly loadModel: (id: string) => AwsModel | undefined;
}

export interface Found {
  readonly row: IndexRow;
  readonly model: AwsModel;
  readonly operation: AwsOperation;
}

/** What every way of routing asks the models. */
export interface Lookup {
  readonly index: ModelIndex;
  modelOf(row: IndexRow): AwsModel;
  /**
   * The owner among `rows` of an operation.
   * Errors: two owners that no row of the precedence settles are a defect, reported with both names
   */
  ownerOf(rows: readonly IndexRow[], operation: string): Found | undefined;
}

export function createLookup({ index, loadModel }: RoutingParts): Lookup {
  const modelOf = (row: IndexRow) => loadModel(row.id) as AwsModel;
  return {
    index,
    modelOf,
    ownerOf(rows, name) {
      const owning = rows.filter((row) => modelOf(row).operations.has(name));
      const owners = owning.length > 1 ? owning.toSorted(byPrecedence) : owning;
      const row = owners[0];
      if (row === undefined) return undefined;
      for (const other of owners.slice(1)) {
        invariant(isSettled(row.id, other.id), `${row.id} and ${other.id} both own ${name}`);
      }
      const model = modelOf(row);
      return { row, model, operation: model.operations.get(name) as AwsOperation };
    },
  };
}

export function refusal(code: string, status: number, message: string, form: FailureForm, cause?: unknown): AwsFailure {
  return new AwsFailure({ code, status, message }, cause, form);
}

/** Of routes that have no labels in their path. */
export const NO_LABELS: Readonly<Record<string, string>> = {};
