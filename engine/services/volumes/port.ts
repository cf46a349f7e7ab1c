import type { Reader, Transaction } from "../../kernel/store.ts";
import type { Scope } from "../context.ts";
import { errors } from "./errors.ts";
import { attachments, attachmentSpace, snapshots, volumes, type Snapshot, type Volume } from "./model.ts";

/** More than any instance has: attachments of one instance are read in one range. */
const ATTACHMENTS_MAX = 1000;

export async function requireVolume(tx: Reader, ctx: Scope, volumeId: string): Promise<Volume> {
  const volume = await volumes.get(tx, ctx.account, ctx.region, volumeId);
  if (!volume) throw errors.VolumeNotFound({ volumeId });
  return volume;
}

export async function requireSnapshot(tx: Reader, ctx: Scope, snapshotId: string): Promise<Snapshot> {
  const snapshot = await snapshots.get(tx, ctx.account, ctx.region, snapshotId);
  if (!snapshot) throw errors.SnapshotNotFound({ snapshotId });
  return snapshot;
}

/** Attaches a volume; does nothing when it is attached there already, refuses when another instance has it. */
export async function attach(tx: Transaction, ctx: Scope, volumeId: string, instanceId: string): Promise<Volume> {
  const volume = await requireVolume(tx, ctx, volumeId);
  if (volume.instanceId === instanceId) return volume;
  if (volume.instanceId !== undefined) throw errors.VolumeAttached({ volumeId, instanceId: volume.instanceId });
  const attached: Volume = { ...volume, instanceId };
  volumes.put(tx, attached, ctx.account, ctx.region, volumeId);
  attachments.put(tx, true, ctx.account, ctx.region, instanceId, volumeId);
  return attached;
}

export async function detach(tx: Transaction, ctx: Scope, volumeId: string): Promise<Volume> {
  const { instanceId, ...rest } = await requireVolume(tx, ctx, volumeId);
  if (instanceId === undefined) throw errors.VolumeNotAttached({ volumeId });
  volumes.put(tx, rest, ctx.account, ctx.region, volumeId);
  attachments.remove(tx, ctx.account, ctx.region, instanceId, volumeId);
  return rest;
}

/** The ids of an instance's volumes, in order. */
async function attachedTo(tx: Reader, ctx: Scope, instanceId: string): Promise<readonly string[]> {
  const found = await attachments.range(tx, attachmentSpace.range(ctx.account, ctx.region, instanceId), {
    limit: ATTACHMENTS_MAX,
  });
  return found.map((entry) => attachmentSpace.parts(entry.key)[3]);
}

/** What other services ask of volumes, in their own transaction. */
export const volumesPort = { attach, detach, attachedTo };
