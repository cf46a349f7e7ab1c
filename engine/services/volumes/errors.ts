import { defineErrors } from "../errors.ts";

export const errors = defineErrors({
  VolumeNotFound: { kind: "notFound", message: (p: { volumeId: string }) => `Volume ${p.volumeId} does not exist.` },
  SnapshotNotFound: {
    kind: "notFound",
    message: (p: { snapshotId: string }) => `Snapshot ${p.snapshotId} does not exist.`,
  },
  VolumeAttached: {
    kind: "failedPrecondition",
    message: (p: { volumeId: string; instanceId: string }) =>
      `Volume ${p.volumeId} is attached to ${p.instanceId}; detach it first.`,
  },
  VolumeNotAttached: {
    kind: "failedPrecondition",
    message: (p: { volumeId: string }) => `Volume ${p.volumeId} is attached to nothing.`,
  },
  VolumeShrunk: {
    kind: "invalidInput",
    message: (p: { volumeId: string; sizeGib: number; currentGib: number }) =>
      `Volume ${p.volumeId} has ${p.currentGib} GiB and can only grow; ${p.sizeGib} GiB would lose what it holds.`,
  },
  VolumeSmallerThanSnapshot: {
    kind: "invalidInput",
    message: (p: { snapshotId: string; sizeGib: number; snapshotGib: number }) =>
      `A volume from ${p.snapshotId} needs at least ${p.snapshotGib} GiB; ${p.sizeGib} GiB were asked for.`,
  },
});
