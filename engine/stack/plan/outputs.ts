import { problem, type Problem } from "../diagnostics/diagnostic.ts";
import type { Environment } from "../expressions/environment.ts";
import { evaluate } from "../expressions/evaluate.ts";
import { holds } from "../expressions/template-environment.ts";
import { equalValues, firstUnknown, type Value } from "../expressions/value.ts";
import type { OutputRecord } from "../state/model.ts";
import type { RecordedState } from "../state/read-state.ts";
import type { Template } from "../template/template.ts";
import { plainValue, type OutputChange } from "./plan.ts";
import { MASK, type Secrecy } from "./sensitive.ts";

/** A template's outputs as far as they are known. */
export function evaluateOutputs(
  template: Template,
  environment: Environment,
  secrecy: Secrecy,
): Readonly<Record<string, OutputRecord>> {
  const outputs: Record<string, OutputRecord> = {};
  for (const output of template.outputs.values()) {
    if (!holds(environment, output.condition)) continue;
    const value = evaluate(output.value, environment);
    const exportName = output.exportName && evaluate(output.exportName, environment);
    if (value === undefined) continue;
    outputs[output.name] = {
      value,
      ...(output.description !== undefined && { description: output.description }),
      ...(typeof exportName === "string" && { exportName }),
      ...(secrecy.covers(output.value) && { isSensitive: true }),
    };
  }
  return outputs;
}

export function outputChanges(
  before: Readonly<Record<string, OutputRecord>>,
  after: Readonly<Record<string, OutputRecord>>,
): OutputChange[] {
  return [...new Set([...Object.keys(after), ...Object.keys(before)])].flatMap((name) => {
    const [old, next] = [before[name]?.value, after[name]?.value];
    if (old !== undefined && next !== undefined && equalValues(old, next)) return [];
    return [
      {
        name,
        ...(old !== undefined && { old: shown(before[name], old) }),
        ...(next !== undefined && { new: shown(after[name], next) }),
        isKnownAfterApply: firstUnknown(next) !== undefined,
        isSensitive: (before[name]?.isSensitive ?? after[name]?.isSensitive) === true,
      },
    ];
  });
}

const shown = (output: OutputRecord | undefined, value: Value) => (output?.isSensitive ? MASK : plainValue(value));

type Outputs = Readonly<Record<string, OutputRecord>>;

/** Outputs as they may be shown. */
export const maskedOutputs = (outputs: Outputs): Outputs =>
  Object.fromEntries(
    Object.entries(outputs).map(([name, output]) => [name, output.isSensitive ? { ...output, value: MASK } : output]),
  );

export const exportNamesOf = (outputs: Readonly<Record<string, OutputRecord>>): readonly string[] =>
  Object.values(outputs).flatMap((output) => output.exportName ?? []);

export const exportInUse = (exportName: string, fate: "deleted" | "updated", importer: string): string =>
  `Export ${exportName} cannot be ${fate} as it is in use by ${importer}`;

/**
 * An export has one owner, and stays while somebody imports it. `importers`: export name -> a stack that imports it.
 */
export function checkExports(
  template: Template | undefined,
  outputs: Readonly<Record<string, OutputRecord>>,
  state: RecordedState,
  stack: string,
  importers: ReadonlyMap<string, string>,
): Problem[] {
  const problems: Problem[] = [];
  const names = new Map<string, string>();
  for (const [output, { exportName }] of Object.entries(outputs)) {
    if (exportName === undefined) continue;
    const span = template?.outputs.get(output)?.exportName?.span;
    const owner = state.exports.get(exportName)?.stack;
    if (owner !== undefined && owner !== stack) {
      problems.push(
        problem("CS2003", `"${exportName}" is already exported by stack ${owner}`, span, "choose another name"),
      );
    }
    const twin = names.get(exportName);
    if (twin !== undefined)
      problems.push(problem("CS1004", `outputs ${twin} and ${output} export the same name "${exportName}"`, span));
    names.set(exportName, output);
  }
  for (const exportName of exportNamesOf(state.stack?.outputs ?? {})) {
    const importer = importers.get(exportName);
    if (importer === undefined) continue;
    const output = names.get(exportName);
    if (output === undefined) {
      const message = exportInUse(exportName, "deleted", importer);
      problems.push(problem("CS2002", message, undefined, `change ${importer} first`));
      continue;
    }
    const [old, next] = [state.exports.get(exportName)?.value, outputs[output]?.value];
    // What is known only after apply is looked at again by the commit.
    if (old === undefined || next === undefined || firstUnknown(next) || equalValues(old, next)) continue;
    const span = template?.outputs.get(output)?.value.span;
    problems.push(problem("CS2002", exportInUse(exportName, "updated", importer), span, `change ${importer} first`));
  }
  return problems;
}
