import { records, subspace } from "../../kernel/subspace.ts";

export type Labels = Readonly<Record<string, string>>;

export interface Volume {
  readonly version: 1;
  readonly id: string;
  readonly name: string;
  readonly sizeGib: number;
  /** The snapshot it began as. */
  readonly snapshotId?: string;
  /** The instance that has it; a volume has at most one. */
  readonly instanceId?: string;
  readonly labels: Labels;
  readonly createdAtMs: number;
}

export interface Snapshot {
  readonly version: 1;
  readonly id: string;
  readonly name: string;
  /** The volume it was taken of, which may be gone since: a snapshot stands alone. */
  readonly volumeId: string;
  readonly sizeGib: number;
  readonly labels: Labels;
  readonly createdAtMs: number;
}

const volumeSpace = subspace<[account: string, region: string, id: string]>("volumes", "volume");
const snapshotSpace = subspace<[account: string, region: string, id: string]>("volumes", "snapshot");
export const attachmentSpace =
  subspace<[account: string, region: string, instanceId: string, volumeId: string]>("volumes", "attachment");

export const volumes = records<Volume, [string, string, string]>(volumeSpace);
export const snapshots = records<Snapshot, [string, string, string]>(snapshotSpace);
export const attachments = records<true, [string, string, string, string]>(attachmentSpace);

export const SIZE_GIB_DEFAULT = 10;
export const SIZE_GIB_MAX = 65_536;
