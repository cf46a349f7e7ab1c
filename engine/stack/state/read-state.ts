import type { Reader } from "../../kernel/store.ts";
import type { Scope } from "../../services/context.ts";
import type { OtherStack } from "../expressions/environment.ts";
import {
  exportSpace,
  importSpace,
  resourceSpace,
  stackRecords,
  type ExportRecord,
  type ResourceRecord,
  type StackRecord,
} from "./model.ts";

/**
 * A stack as it is recorded, with what other stacks export and import: everything a plan is made from beside the live
 * state.
 */
export interface RecordedState {
  readonly stack: StackRecord | undefined;
  readonly resources: ReadonlyMap<string, ResourceRecord>;
  readonly exports: ReadonlyMap<string, ExportRecord>;
  /** The other stacks whose outputs the template names, by region and name. */
  readonly others?: ReadonlyMap<string, OtherStack>;
}

export async function readState(tx: Reader, scope: Scope, stack: string): Promise<RecordedState> {
  const { account, region } = scope;
  const resources = new Map<string, ResourceRecord>();
  for await (const { value } of tx.scan<ResourceRecord>(resourceSpace.range(account, region, stack)))
    resources.set(value.logicalId, value);
  const exports = new Map<string, ExportRecord>();
  for await (const { key, value } of tx.scan<ExportRecord>(exportSpace.range(account, region)))
    exports.set(exportSpace.parts(key)[2], value);
  return { stack: await stackRecords.get(tx, account, region, stack), resources, exports };
}

/** The first other stack that imports a name, if any. */
export async function firstImporter(
  tx: Reader,
  scope: Scope,
  exportName: string,
  stack: string,
): Promise<string | undefined> {
  const range = importSpace.range(scope.account, scope.region, exportName);
  const importers = (await tx.range(range, { limit: 2 })).map(({ key }) => importSpace.parts(key)[3]);
  return importers.find((importer) => importer !== stack);
}

const keyOf = (type: string, id: string) => JSON.stringify([type, id]);

/** Which stack of a scope has a resource, by type and id. */
export async function resourceOwners(
  tx: Reader,
  { account, region }: Scope,
): Promise<(type: string, id: string) => { readonly stack: string; readonly logicalId: string } | undefined> {
  const owners = new Map<string, { readonly stack: string; readonly logicalId: string }>();
  for await (const { key, value } of tx.scan<ResourceRecord>(resourceSpace.range(account, region)))
    owners.set(keyOf(value.type, value.id), { stack: resourceSpace.parts(key)[2], logicalId: value.logicalId });
  return (type, id) => owners.get(keyOf(type, id));
}
