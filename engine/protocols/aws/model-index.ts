import { readShippedFile } from "../../platform/shipped-files.ts";
import type { PackedMeta } from "./artefact.ts";
import type { AwsProtocol } from "./model.ts";

/** What dispatch needs to know of a service before its model is loaded. */
export interface IndexRow extends PackedMeta {
  /** How many operations the model has. */
  readonly operations: number;
}

export interface ModelIndex {
  readonly rows: readonly IndexRow[];
  byId(id: string): IndexRow | undefined;
  /**
   * Owners of `AmazonSQS` in `X-Amz-Target: AmazonSQS.SendMessage`. Two services share a prefix (Timestream write and
   * query) and are told apart by their operations.
   */
  byTargetPrefix(prefix: string): readonly IndexRow[];
  /** Services that sign with this name, as the credential scope gives it. Several may share one (`execute-api`). */
  bySigningName(name: string): readonly IndexRow[];
  /** Services that speak query or ec2 in this API version. */
  byQueryVersion(version: string): readonly IndexRow[];
  /** Services whose hosts begin with this (`sqs` in `sqs.us-east-1.amazonaws.com`). */
  byEndpointPrefix(prefix: string): readonly IndexRow[];
}

let loaded: ModelIndex | undefined;

/** The index of all services: one small file, read once. */
export function modelIndex(): ModelIndex {
  loaded ??= indexOf(JSON.parse(readShippedFile("models/aws/index.json").toString()) as IndexRow[]);
  return loaded;
}

export const speaks = (row: IndexRow, ...protocols: readonly AwsProtocol[]): boolean =>
  row.protocols.some((protocol) => protocols.includes(protocol as AwsProtocol));

const NONE: readonly IndexRow[] = [];

function grouped(
  rows: readonly IndexRow[],
  key: (row: IndexRow) => string | undefined,
): ReadonlyMap<string, readonly IndexRow[]> {
  const groups = new Map<string, IndexRow[]>();
  for (const row of rows) {
    const name = key(row);
    if (name === undefined) continue;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [row]);
    else group.push(row);
  }
  return groups;
}

function indexOf(rows: readonly IndexRow[]): ModelIndex {
  const ids = new Map(rows.map((row) => [row.id, row]));
  const targets = grouped(rows, (row) => row.targetPrefix);
  const signing = grouped(rows, (row) => row.signingName);
  const versions = grouped(rows, (row) => (speaks(row, "query", "ec2") ? row.apiVersion : undefined));
  const endpoints = grouped(rows, (row) => row.endpointPrefix);
  return {
    rows,
    byId: (id) => ids.get(id),
    byTargetPrefix: (prefix) => targets.get(prefix) ?? NONE,
    bySigningName: (name) => signing.get(name) ?? NONE,
    byQueryVersion: (version) => versions.get(version) ?? NONE,
    byEndpointPrefix: (prefix) => endpoints.get(prefix) ?? NONE,
  };
}
