import type { TypeSample } from "./sample.ts";

const labels = { from: { tier: "front", old: "yes" }, to: { tier: "back" } };
const name = { to: "other" };
const net = { Type: "VPC", Properties: { CIDRBlock: "10.0.0.0/16" } };
const other = { Type: "VPC", Properties: { CIDRBlock: "10.0.0.0/16", Name: "other" } };
const ref = (logicalId: string) => ({ Ref: logicalId });

/** Native types by name. */
export const NATIVE_SAMPLES: Readonly<Record<string, TypeSample>> = {
  Bucket: {
    base: {},
    changes: {
      Name: { from: "photos-of-may", to: "photos-of-june" },
      Versioning: { to: true, staysBecause: "versioning once on can only be suspended" },
      Labels: labels,
    },
  },
  Queue: {
    base: {},
    with: { Dead: { Type: "Queue" }, Lost: { Type: "Queue" } },
    changes: {
      Name: { from: "orders", to: "requests" },
      Fifo: { to: true },
      VisibilityTimeout: { to: 46 },
      DelaySeconds: { from: 6, to: 7 },
      MessageRetention: { to: 3601 },
      ReceiveWait: { to: 11 },
      MessageBytesMax: { to: 65_537 },
      ContentBasedDeduplication: { to: true, beside: { Fifo: true } },
      DeadLetterQueue: { from: ref("Dead"), to: ref("Lost") },
      MaxReceiveCount: { to: 3, beside: { DeadLetterQueue: ref("Dead") } },
      Labels: labels,
    },
  },
  Topic: {
    base: {},
    changes: {
      Name: { from: "news", to: "rumours" },
      Fifo: { to: true },
      DisplayName: { from: "News", to: "Rumours" },
      ContentBasedDeduplication: { to: true, beside: { Fifo: true } },
      SignatureVersion: { to: 2 },
      Labels: labels,
    },
  },
  Subscription: {
    base: { Topic: ref("News"), Protocol: "email", Endpoint: "reader@example.com" },
    with: { News: { Type: "Topic" }, Rumours: { Type: "Topic" }, Dead: { Type: "Queue" }, Lost: { Type: "Queue" } },
    changes: {
      Topic: { to: ref("Rumours") },
      Protocol: { to: "email-json" },
      Endpoint: { from: "reader@example.com", to: "editor@example.com" },
      Filter: { from: { kind: ["a"] }, to: { kind: [{ prefix: "b" }] } },
      FilterScope: { to: "body" },
      Raw: { to: true, beside: { Protocol: "queue", Endpoint: ref("Lost") } },
      DeadLetterQueue: { from: ref("Dead"), to: ref("Lost") },
    },
  },
  Table: {
    base: { PartitionKey: { Name: "id", Type: "S" } },
    changes: {
      Name: { from: "orders", to: "requests" },
      PartitionKey: { to: { Name: "id", Type: "N" } },
      SortKey: { to: { Name: "at", Type: "N" } },
      GlobalIndexes: { to: [{ Name: "by-owner", PartitionKey: { Name: "owner", Type: "S" }, Projection: "ALL" }] },
      LocalIndexes: {
        to: [{ Name: "by-size", PartitionKey: { Name: "id", Type: "S" }, SortKey: { Name: "size", Type: "N" } }],
        beside: { SortKey: { Name: "at", Type: "N" } },
      },
      Throughput: { from: { ReadUnits: 1, WriteUnits: 1 }, to: { ReadUnits: 3, WriteUnits: 4 } },
      TimeToLiveAttribute: { to: "expires" },
      PointInTimeRecovery: { to: true },
      DeletionProtection: { to: true },
      Labels: labels,
    },
  },
  VPC: {
    base: {},
    changes: { Name: name, CIDRBlock: { from: "10.0.0.0/16", to: "10.1.0.0/16" }, Labels: labels },
  },
  Subnet: {
    base: { VpcID: ref("Net") },
    with: { Net: net, Other: other },
    changes: {
      VpcID: { to: ref("Other") },
      Name: name,
      CIDRBlock: { from: "10.0.1.0/24", to: "10.0.2.0/24" },
      Labels: labels,
    },
  },
  Instance: {
    base: { Image: "alpine:3.22" },
    with: {
      Net: net,
      Other: other,
      Front: { Type: "Subnet", Properties: { VpcID: ref("Net"), CIDRBlock: "10.0.1.0/24" } },
      Back: { Type: "Subnet", Properties: { VpcID: ref("Net"), CIDRBlock: "10.0.2.0/24" } },
      Disk: { Type: "Volume" },
      Spare: { Type: "Volume" },
    },
    changes: {
      Name: name,
      Image: { to: "debian:13" },
      Size: { to: "large" },
      VpcID: { from: ref("Net"), to: ref("Other") },
      SubnetID: { from: ref("Front"), to: ref("Back") },
      VolumeID: { from: ref("Disk"), to: ref("Spare") },
      Labels: labels,
    },
  },
  Volume: {
    base: {},
    with: {
      Old: { Type: "Volume", Properties: { Size: 20 } },
      Taken: { Type: "Snapshot", Properties: { VolumeID: ref("Old") } },
    },
    changes: {
      Name: name,
      Size: { from: 20, to: 30, staysBecause: "a volume cannot shrink" },
      SnapshotID: { to: ref("Taken") },
      Labels: labels,
    },
  },
  Snapshot: {
    base: { VolumeID: ref("Disk") },
    with: { Disk: { Type: "Volume" }, Spare: { Type: "Volume" } },
    changes: { VolumeID: { to: ref("Spare") }, Name: name, Labels: labels },
  },
};
