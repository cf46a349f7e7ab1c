import { Type } from "typebox";
import { generatedName, nameAfterUpdate } from "../generated-name.ts";
import { resourceType } from "../resource-type.ts";
import { SIZE_GIB_DEFAULT, SIZE_GIB_MAX, snapshots, volumes, type Snapshot, type Volume } from "./model.ts";
import { requireSnapshot, requireVolume } from "./port.ts";
import { createSnapshot, createVolume, deleteSnapshot, deleteVolume, updateSnapshot, updateVolume } from "./volumes.ts";

const Name = Type.String({ minLength: 1, maxLength: 255, description: "A name for people; generated when omitted." });
const Labels = Type.Record(Type.String(), Type.String(), { description: "Labels as key and value." });

const volumeState = (volume: Volume) => ({
  id: volume.id,
  properties: {
    Name: volume.name,
    Size: volume.sizeGib,
    Labels: volume.labels,
    ...(volume.snapshotId !== undefined && { SnapshotID: volume.snapshotId }),
  },
  attributes: { VolumeID: volume.id, Name: volume.name, Size: volume.sizeGib },
});

const snapshotState = (snapshot: Snapshot) => ({
  id: snapshot.id,
  properties: { Name: snapshot.name, VolumeID: snapshot.volumeId, Labels: snapshot.labels },
  attributes: { SnapshotID: snapshot.id, Name: snapshot.name, VolumeID: snapshot.volumeId },
});

const volumeType = resourceType({
  name: "Volume",
  summary: "A disk that one instance at a time can have.",
  properties: Type.Object(
    {
      Name: Type.Optional(Name),
      Size: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: SIZE_GIB_MAX,
          description: "In GiB; 10, or the snapshot's size, when omitted. Can only grow.",
        }),
      ),
      SnapshotID: Type.Optional(Type.String({ description: "The snapshot it begins as." })),
      Labels: Type.Optional(Labels),
    },
    { additionalProperties: false },
  ),
  attributes: Type.Object({ VolumeID: Type.String(), Name: Type.String(), Size: Type.Integer() }),
  ref: "VolumeID",
  replacement: { SnapshotID: "always" },
  references: { SnapshotID: "Snapshot" },
  tags: { property: "Labels", form: "map" },
  examples: [
    { title: "a volume of 20 GiB", properties: { Name: "disk", Size: 20, Labels: { tier: "front" } } },
    { title: "a volume that begins as a snapshot", properties: { SnapshotID: "snap-0123456789abcdef0" } },
  ],
  handlers: {
    async create(tx, properties, ctx) {
      const { Name, Size, SnapshotID, Labels } = properties;
      return volumeState(
        await createVolume(
          tx,
          { name: Name ?? generatedName(ctx), sizeGib: Size, snapshotId: SnapshotID, labels: Labels },
          ctx,
        ),
      );
    },
    async read(tx, id, ctx) {
      const volume = await volumes.get(tx, ctx.account, ctx.region, id);
      return volume && volumeState(volume);
    },
    async update(tx, id, properties, previous, ctx) {
      const current = await requireVolume(tx, ctx, id);
      // A size stated before and no longer stated goes back to the default, which a volume that outgrew it refuses.
      const sizeGib = properties.Size ?? (previous.Size === undefined ? current.sizeGib : SIZE_GIB_DEFAULT);
      const name = nameAfterUpdate(properties.Name, previous.Name, current.name, ctx);
      return volumeState(
        await updateVolume(tx, id, { name, sizeGib, labels: properties.Labels ?? {} }, ctx, ctx.isUndo),
      );
    },
    async delete(tx, id, ctx) {
      if (await volumes.get(tx, ctx.account, ctx.region, id)) await deleteVolume(tx, id, ctx);
    },
    async snapshot(tx, id, ctx) {
      const { labels } = await requireVolume(tx, ctx, id);
      return (await createSnapshot(tx, { volumeId: id, name: generatedName(ctx), labels }, ctx)).id;
    },
    async list(tx, ctx, page) {
      return (await volumes.page(tx, [ctx.account, ctx.region], page)).map(({ id }) => id);
    },
  },
});

const snapshotType = resourceType({
  name: "Snapshot",
  summary: "A volume as it was at one moment; stands alone once taken.",
  properties: Type.Object(
    {
      VolumeID: Type.String({ description: "The volume it is taken of." }),
      Name: Type.Optional(Name),
      Labels: Type.Optional(Labels),
    },
    { additionalProperties: false },
  ),
  attributes: Type.Object({ SnapshotID: Type.String(), Name: Type.String(), VolumeID: Type.String() }),
  ref: "SnapshotID",
  replacement: { VolumeID: "always" },
  references: { VolumeID: "Volume" },
  tags: { property: "Labels", form: "map" },
  examples: [
    {
      title: "a snapshot of a volume",
      properties: { VolumeID: "vol-0123456789abcdef0", Name: "before-upgrade", Labels: {} },
    },
  ],
  handlers: {
    async create(tx, properties, ctx) {
      const { VolumeID, Name, Labels } = properties;
      return snapshotState(
        await createSnapshot(tx, { volumeId: VolumeID, name: Name ?? generatedName(ctx), labels: Labels }, ctx),
      );
    },
    async read(tx, id, ctx) {
      const snapshot = await snapshots.get(tx, ctx.account, ctx.region, id);
      return snapshot && snapshotState(snapshot);
    },
    async update(tx, id, properties, previous, ctx) {
      const { name: current } = await requireSnapshot(tx, ctx, id);
      const name = nameAfterUpdate(properties.Name, previous.Name, current, ctx);
      return snapshotState(await updateSnapshot(tx, id, { name, labels: properties.Labels ?? {} }, ctx));
    },
    async delete(tx, id, ctx) {
      if (await snapshots.get(tx, ctx.account, ctx.region, id)) await deleteSnapshot(tx, id, ctx);
    },
    async list(tx, ctx, page) {
      return (await snapshots.page(tx, [ctx.account, ctx.region], page)).map(({ id }) => id);
    },
  },
});

export const resources = [volumeType, snapshotType];
