import type { Transaction } from "../../kernel/store.ts";
import type { OperationContext } from "../context.ts";
import { errors } from "./errors.ts";
import { SIZE_GIB_DEFAULT, snapshots, volumes, type Labels, type Snapshot, type Volume } from "./model.ts";
import { requireSnapshot, requireVolume } from "./port.ts";

export interface VolumeInput {
  readonly name?: string | undefined;
  readonly sizeGib?: number | undefined;
  readonly snapshotId?: string | undefined;
  readonly labels?: Labels | undefined;
}

export async function createVolume(tx: Transaction, input: VolumeInput, ctx: OperationContext): Promise<Volume> {
  const { snapshotId } = input;
  const snapshot = snapshotId === undefined ? undefined : await requireSnapshot(tx, ctx, snapshotId);
  const sizeGib = input.sizeGib ?? snapshot?.sizeGib ?? SIZE_GIB_DEFAULT;
  if (snapshot && sizeGib < snapshot.sizeGib) {
    throw errors.VolumeSmallerThanSnapshot({ snapshotId: snapshot.id, sizeGib, snapshotGib: snapshot.sizeGib });
  }
  const id = ctx.ids.prefixed("vol");
  const volume: Volume = {
    version: 1,
    id,
    name: input.name ?? id,
    sizeGib,
    ...(snapshot && { snapshotId: snapshot.id }),
    labels: input.labels ?? {},
    createdAtMs: ctx.clock.nowMs(),
  };
  volumes.put(tx, volume, ctx.account, ctx.region, id);
  return volume;
}

/** `mayShrink`: a deployment that is undone gives a volume back the size it had, which nothing has filled since. */
export async function updateVolume(
  tx: Transaction,
  volumeId: string,
  input: Omit<VolumeInput, "snapshotId">,
  ctx: OperationContext,
  mayShrink = false,
): Promise<Volume> {
  const volume = await requireVolume(tx, ctx, volumeId);
  const sizeGib = input.sizeGib ?? volume.sizeGib;
  if (sizeGib < volume.sizeGib && !mayShrink)
    throw errors.VolumeShrunk({ volumeId, sizeGib, currentGib: volume.sizeGib });
  const updated: Volume = {
    ...volume,
    sizeGib,
    name: input.name ?? volume.name,
    labels: input.labels ?? volume.labels,
  };
  volumes.put(tx, updated, ctx.account, ctx.region, volumeId);
  return updated;
}

export async function deleteVolume(tx: Transaction, volumeId: string, ctx: OperationContext): Promise<void> {
  const { instanceId } = await requireVolume(tx, ctx, volumeId);
  if (instanceId !== undefined) throw errors.VolumeAttached({ volumeId, instanceId });
  volumes.remove(tx, ctx.account, ctx.region, volumeId);
}

export async function createSnapshot(
  tx: Transaction,
  input: { readonly volumeId: string; readonly name?: string | undefined; readonly labels?: Labels | undefined },
  ctx: OperationContext,
): Promise<Snapshot> {
  const volume = await requireVolume(tx, ctx, input.volumeId);
  const id = ctx.ids.prefixed("snap");
  const snapshot: Snapshot = {
    version: 1,
    id,
    name: input.name ?? id,
    volumeId: volume.id,
    sizeGib: volume.sizeGib,
    labels: input.labels ?? {},
    createdAtMs: ctx.clock.nowMs(),
  };
  snapshots.put(tx, snapshot, ctx.account, ctx.region, id);
  return snapshot;
}

export async function updateSnapshot(
  tx: Transaction,
  snapshotId: string,
  input: { readonly name?: string | undefined; readonly labels?: Labels | undefined },
  ctx: OperationContext,
): Promise<Snapshot> {
  const snapshot = await requireSnapshot(tx, ctx, snapshotId);
  const updated: Snapshot = { ...snapshot, name: input.name ?? snapshot.name, labels: input.labels ?? snapshot.labels };
  snapshots.put(tx, updated, ctx.account, ctx.region, snapshotId);
  return updated;
}

export async function deleteSnapshot(tx: Transaction, snapshotId: string, ctx: OperationContext): Promise<void> {
  await requireSnapshot(tx, ctx, snapshotId);
  snapshots.remove(tx, ctx.account, ctx.region, snapshotId);
}
