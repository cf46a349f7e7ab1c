import { Type } from "typebox";
import type { Reader } from "../../kernel/store.ts";
import type { Scope } from "../context.ts";
import { operationUsing } from "../operation.ts";
import { SIZE_GIB_MAX, snapshots, volumes } from "./model.ts";
import { attach, detach, requireSnapshot, requireVolume } from "./port.ts";
import { createSnapshot, createVolume, deleteSnapshot, deleteVolume, updateSnapshot, updateVolume } from "./volumes.ts";

/** What volumes need of machines. */
export interface Ports {
  readonly machines: { requireInstance(tx: Reader, ctx: Scope, instanceId: string): Promise<{ readonly id: string }> };
}
const operation = operationUsing<Ports>();

const name = Type.String({ minLength: 1, maxLength: 255, description: "A name for people; need not be unique." });
const sizeGib = Type.Integer({ minimum: 1, maximum: SIZE_GIB_MAX, description: "In GiB." });
const labels = Type.Record(Type.String(), Type.String());
const volumeId = Type.String();
const snapshotId = Type.String();
const pageInput = Type.Object({
  after: Type.Optional(Type.String({ description: "The last id of the page before." })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })),
});
const PAGE_SIZE_DEFAULT = 100;

const volume = Type.Object({
  version: Type.Literal(1),
  id: Type.String(),
  name: Type.String(),
  sizeGib: Type.Integer(),
  snapshotId: Type.Optional(snapshotId),
  instanceId: Type.Optional(Type.String()),
  labels,
  createdAtMs: Type.Integer(),
});
const snapshot = Type.Object({
  version: Type.Literal(1),
  id: Type.String(),
  name: Type.String(),
  volumeId,
  sizeGib: Type.Integer(),
  labels,
  createdAtMs: Type.Integer(),
});

const volumeOperations = {
  createVolume: operation({
    summary: "Creates a volume, empty (10 GiB when no size is given) or from a snapshot.",
    input: Type.Object({
      name: Type.Optional(name),
      sizeGib: Type.Optional(sizeGib),
      snapshotId: Type.Optional(snapshotId),
      labels: Type.Optional(labels),
    }),
    output: volume,
    effects: "write",
    errors: ["SnapshotNotFound", "VolumeSmallerThanSnapshot"],
    run: createVolume,
  }),
  getVolume: operation({
    summary: "Reads one volume.",
    input: Type.Object({ volumeId }),
    output: volume,
    effects: "read",
    errors: ["VolumeNotFound"],
    run: (tx, input, ctx) => requireVolume(tx, ctx, input.volumeId),
  }),
  listVolumes: operation({
    summary: "Lists volumes in order of id.",
    input: pageInput,
    output: Type.Object({ volumes: Type.Array(volume) }),
    effects: "read",
    errors: [],
    async run(tx, input, ctx) {
      const page = { ...input, limit: input.limit ?? PAGE_SIZE_DEFAULT };
      return { volumes: await volumes.page(tx, [ctx.account, ctx.region], page) };
    },
  }),
  updateVolume: operation({
    summary: "Changes a volume's name, grows it, or replaces its labels.",
    input: Type.Object({
      volumeId,
      name: Type.Optional(name),
      sizeGib: Type.Optional(sizeGib),
      labels: Type.Optional(labels),
    }),
    output: volume,
    effects: "write",
    errors: ["VolumeNotFound", "VolumeShrunk"],
    run: (tx, input, ctx) => updateVolume(tx, input.volumeId, input, ctx),
  }),
  attachVolume: operation({
    summary: "Attaches a volume to an instance.",
    input: Type.Object({ volumeId, instanceId: Type.String() }),
    output: volume,
    effects: "write",
    errors: ["VolumeNotFound", "VolumeAttached", "InstanceNotFound"],
    async run(tx, input, ctx) {
      await ctx.ports.machines.requireInstance(tx, ctx, input.instanceId);
      return attach(tx, ctx, input.volumeId, input.instanceId);
    },
  }),
  detachVolume: operation({
    summary: "Detaches a volume from its instance.",
    input: Type.Object({ volumeId }),
    output: volume,
    effects: "write",
    errors: ["VolumeNotFound", "VolumeNotAttached"],
    run: (tx, input, ctx) => detach(tx, ctx, input.volumeId),
  }),
  deleteVolume: operation({
    summary: "Deletes a volume that is attached to nothing; its snapshots stay.",
    input: Type.Object({ volumeId }),
    output: Type.Object({}),
    effects: "write",
    errors: ["VolumeNotFound", "VolumeAttached"],
    async run(tx, input, ctx) {
      await deleteVolume(tx, input.volumeId, ctx);
      return {};
    },
  }),
};

const snapshotOperations = {
  createSnapshot: operation({
    summary: "Takes a snapshot of a volume.",
    input: Type.Object({ volumeId, name: Type.Optional(name), labels: Type.Optional(labels) }),
    output: snapshot,
    effects: "write",
    errors: ["VolumeNotFound"],
    run: createSnapshot,
  }),
  getSnapshot: operation({
    summary: "Reads one snapshot.",
    input: Type.Object({ snapshotId }),
    output: snapshot,
    effects: "read",
    errors: ["SnapshotNotFound"],
    run: (tx, input, ctx) => requireSnapshot(tx, ctx, input.snapshotId),
  }),
  listSnapshots: operation({
    summary: "Lists snapshots in order of id.",
    input: pageInput,
    output: Type.Object({ snapshots: Type.Array(snapshot) }),
    effects: "read",
    errors: [],
    async run(tx, input, ctx) {
      const page = { ...input, limit: input.limit ?? PAGE_SIZE_DEFAULT };
      return { snapshots: await snapshots.page(tx, [ctx.account, ctx.region], page) };
    },
  }),
  updateSnapshot: operation({
    summary: "Changes a snapshot's name or replaces its labels.",
    input: Type.Object({ snapshotId, name: Type.Optional(name), labels: Type.Optional(labels) }),
    output: snapshot,
    effects: "write",
    errors: ["SnapshotNotFound"],
    run: (tx, input, ctx) => updateSnapshot(tx, input.snapshotId, input, ctx),
  }),
  deleteSnapshot: operation({
    summary: "Deletes a snapshot; volumes made from it stay.",
    input: Type.Object({ snapshotId }),
    output: Type.Object({}),
    effects: "write",
    errors: ["SnapshotNotFound"],
    async run(tx, input, ctx) {
      await deleteSnapshot(tx, input.snapshotId, ctx);
      return {};
    },
  }),
};

export const operations = { ...volumeOperations, ...snapshotOperations };
