/** When a process dies at a commit: before it is begun, while nobody knows whether it holds, when it is durable. */
export const CRASH_MOMENTS = ["before", "during", "after"] as const;
export type CrashMoment = (typeof CRASH_MOMENTS)[number];

const before = `
Resources:
  Net: {Type: VPC, Properties: {CIDRBlock: 10.42.0.0/16, Labels: {tier: blue}}}
  Front: {Type: Subnet, Properties: {VpcID: !Ref Net, CIDRBlock: 10.42.1.0/24}}
  Disk: {Type: Volume, Properties: {Size: 20}}
  Web: {Type: Instance, Properties: {Image: alpine, SubnetID: !Ref Front, VolumeID: !Ref Disk}}
  Dead: {Type: Queue, Properties: {MessageRetention: 3600}}
  Jobs: {Type: Queue, Properties: {DelaySeconds: 5, DeadLetterQueue: !Ref Dead, MaxReceiveCount: 3}}
  Files: {Type: Bucket, Properties: {Labels: {of: !Ref Jobs}}}
  Old: {Type: Table, DependsOn: Files, Properties: {PartitionKey: {Name: id, Type: S}}}
  One: {Type: Thing, Properties: {Value: one, Secret: first}}
Outputs:
  Queue: {Value: !Ref Jobs}
`;

/** Updates, replaces with what depends on it, deletes and creates. */
const after = `
Resources:
  Net: {Type: VPC, Properties: {CIDRBlock: 10.42.0.0/16, Labels: {tier: green}}}
  Front: {Type: Subnet, Properties: {VpcID: !Ref Net, CIDRBlock: 10.42.2.0/24}}
  Disk: {Type: Volume, Properties: {Size: 40}}
  Web: {Type: Instance, Properties: {Image: debian, SubnetID: !Ref Front, VolumeID: !Ref Disk}}
  Dead: {Type: Queue, Properties: {MessageRetention: 3600, Fifo: true}}
  Jobs: {Type: Queue, Properties: {DelaySeconds: 7, DeadLetterQueue: !Ref Dead, MaxReceiveCount: 4, Fifo: true}}
  Files: {Type: Bucket, Properties: {Versioning: true, Labels: {of: !Ref Jobs}}}
  One: {Type: Thing, Properties: {Value: two, Secret: second}}
  New: {Type: Table, DependsOn: Files, Properties: {PartitionKey: {Name: id, Type: S}}}
Outputs:
  Table: {Value: !Ref New}
`;

/** The same, with a subnet at its end that overlaps another. */
const failing = after.replace(
  "Outputs:",
  "  Clash: {Type: Subnet, DependsOn: [New, Web], Properties: {VpcID: !Ref Net, CIDRBlock: 10.42.2.0/25}}\nOutputs:",
);

/** What the process that dies works on: a stack as it is, what it is to be, and what it cannot be. */
export const CRASH_TEMPLATES = { before, after, failing } as const;
