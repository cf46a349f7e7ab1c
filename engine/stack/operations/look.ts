import type { Scope } from "../../services/context.ts";
import type { StackParts } from "../apply/deployment.ts";
import {
  stackRecords,
  stackSpace,
  type OutputRecord,
  type ResourceRecord,
  type StackRecord,
} from "../state/model.ts";
import { maskedOutputs } from "../plan/outputs.ts";
import { maskPaths } from "../plan/sensitive.ts";
import { readState } from "../state/read-state.ts";
import type { StackDetails } from "../requests.ts";

export async function listStacks({ store }: StackParts, { account, region }: Scope): Promise<readonly StackRecord[]> {
  return store.read(async (tx) => {
    const found: StackRecord[] = [];
    for await (const { value } of tx.scan<StackRecord>(stackSpace.range(account, region)))
      if (value.status !== "destroyed") found.push(shown(value));
    return found;
  });
}

export async function getStack({ store }: StackParts, scope: Scope, name: string): Promise<StackDetails | undefined> {
  const { stack, resources } = await store.read((tx) => readState(tx, scope, name));
  if (!stack || stack.status === "destroyed") return undefined;
  return { ...shown(stack), resources: [...resources.values()].map(shownResource) };
}

/** What is kept to be compared and put back is not for everybody to see. */
const shown = (stack: StackRecord): StackRecord => ({
  ...stack,
  parameters: masked(stack.parameters, stack.secretParameters),
  outputs: maskedOutputs(stack.outputs),
});

const shownResource = (record: ResourceRecord): ResourceRecord => ({
  ...record,
  properties: masked(record.properties, record.sensitive),
  live: masked(record.live, record.sensitive),
  attributes: masked(record.attributes, record.sensitive),
});

export const masked = <T>(
  values: Readonly<Record<string, T>>,
  names: readonly string[],
): Readonly<Record<string, T | string>> => maskPaths(values as never, names) as never;

export async function outputsOf(
  { store }: StackParts,
  { account, region }: Scope,
  name: string,
): Promise<Readonly<Record<string, OutputRecord>> | undefined> {
  const stack = await store.read((tx) => stackRecords.get(tx, account, region, name));
  return stack && stack.status !== "destroyed" ? maskedOutputs(stack.outputs) : undefined;
}
