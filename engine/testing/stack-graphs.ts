import { array, boolean, constantFrom, integer, nat, record, tuple, type Arbitrary } from "fast-check";

/** How the resources of a generated stack hang together. */
const LAYOUTS = ["chain", "fan-out", "fan-in", "diamonds", "forest", "dense"] as const;
type Layout = (typeof LAYOUTS)[number];

/** What a resource may be: the test's own type, and native ones and those of AWS that can stand alone. */
const KINDS = [
  "Thing",
  "Thing",
  "Thing",
  "VPC",
  "Subnet",
  "Volume",
  "Instance",
  "Queue",
  "Bucket",
  "Table",
  "AWS::SQS::Queue",
  "AWS::S3::Bucket",
  "AWS::DynamoDB::Table",
] as const;
type Kind = (typeof KINDS)[number];

/**
 * How a resource names the first that it depends on: by its id, or by a text made of it, in a property that can be
 * changed (`ref`, `text`) or in one that cannot (`anchor`); or not at all.
 */
const TIES = ["ref", "ref", "text", "anchor", "dependsOn"] as const;

interface Piece {
  readonly kind: Kind;
  readonly tie: (typeof TIES)[number];
  /** The value of a property that can be changed. */
  readonly setting: number;
  /** Other values of a property that cannot. */
  readonly isOther: boolean;
  /** Picks what it depends on, where the layout leaves a choice. */
  readonly picks: readonly number[];
  /** Whether the stack has it before the change, and after. */
  readonly isIn: readonly [before: boolean, after: boolean];
}

/** Two templates for one stack: `after` is `before` when somebody has worked on it. */
export interface Change {
  readonly before: string;
  readonly after: string;
}

const presence: readonly (readonly [boolean, boolean])[] = [
  [true, true],
  [true, true],
  [true, true],
  [true, false],
  [false, true],
];
const choices = { kind: constantFrom(...KINDS), tie: constantFrom(...TIES), setting: nat(3), isOther: boolean() };
const piece: Arbitrary<Piece> = record({
  ...choices,
  picks: array(nat(1000), { maxLength: 5 }),
  isIn: constantFrom(...presence),
});
const edit = record({ at: nat(1000), to: record(choices, { requiredKeys: [] }) });

/** The pieces of a stack after each round of work on it. */
const rounds = (most: number, count: number): Arbitrary<{ layout: Layout; stages: readonly (readonly Piece[])[] }> =>
  tuple(
    constantFrom(...LAYOUTS),
    integer({ min: 1, max: most }).chain((length) => array(piece, { minLength: length, maxLength: length })),
    array(array(edit, { maxLength: 20, size: "max" }), { minLength: count, maxLength: count }),
  ).map(([layout, pieces, work]) => {
    const stages: (readonly Piece[])[] = [pieces];
    for (const edits of work) {
      const edited = [...(stages.at(-1) ?? [])];
      for (const { at, to } of edits) {
        const index = at % edited.length;
        edited[index] = { ...(edited[index] as Piece), ...to };
      }
      stages.push(edited);
    }
    return { layout, stages };
  });

/** Changes of stacks of up to `most` resources, of every layout. */
export const stackChange = (most: number): Arbitrary<Change> =>
  rounds(most, 1).map(({ layout, stages: [before = [], after = []] }) => ({
    before: templateOf(layout, before, 0, false),
    after: templateOf(layout, after, 1, true),
  }));

/** Templates for one stack, each of which can follow any other. */
export const stackHistory = (most: number): Arbitrary<readonly string[]> =>
  rounds(most, 3).map(({ layout, stages }) =>
    stages.map((pieces, at) => templateOf(layout, pieces, at % 2 === 0 ? 0 : 1, false)),
  );

/** What stands at `index` in a layout depends on what stands before it, so that there is never a circle. */
function dependenciesOf(layout: Layout, index: number, count: number, picks: readonly number[]): readonly number[] {
  if (index === 0) return [];
  switch (layout) {
    case "chain":
      return [index - 1];
    case "fan-out":
      return [0];
    case "fan-in":
      return index === count - 1 ? Array.from({ length: index }, (_, at) => at) : [];
    case "diamonds":
      return index % 3 === 0 ? [index - 2, index - 1] : [index - (index % 3)];
    case "forest":
      return picks[0] === undefined || picks[0] % 5 === 0 ? [] : [picks[0] % index];
    case "dense":
      return [...new Set(picks.map((pick) => pick % index))];
  }
}

/** A piece where it stands: what its properties are made of. */
interface Place extends Piece {
  readonly index: number;
  /** True when what cannot be taken back is to have happened: volumes have grown, buckets keep versions. */
  readonly isGrown: boolean;
  /** What it depends on, by index. */
  readonly dependencies: readonly number[];
  /** The nearest VPC before it. */
  readonly network: number | undefined;
  /** What stands at another index; undefined when the stack does not have it. */
  kindAt(index: number): Kind | undefined;
}

const nameOf = (index: number) => `R${index}`;
const ref = (index: number) => ({ Ref: nameOf(index) });
const arnOf = (index: number) => ({ "Fn::GetAtt": [nameOf(index), "Arn"] });
/** A text that is known only after what it names is there. */
const textOf = (index: number) => ({ "Fn::Sub": `of \${${nameOf(index)}}` });

function templateOf(layout: Layout, pieces: readonly Piece[], side: 0 | 1, isGrown: boolean): string {
  const present = pieces.map((each) => (each.isIn[side] ? each.kind : undefined));
  const kindAt = (index: number): Kind | undefined =>
    // A subnet cannot be without a VPC.
    present[index] === "Subnet" && networkBefore(index) === undefined ? "Thing" : present[index];
  const networkBefore = (index: number) => {
    const found = present.lastIndexOf("VPC", index);
    return found < 0 ? undefined : found;
  };
  const Resources: Record<string, object> = {};
  for (const [index, each] of pieces.entries()) {
    const kind = kindAt(index);
    if (kind === undefined) continue;
    const wanted = dependenciesOf(layout, index, pieces.length, each.picks);
    const dependencies = wanted.filter((at) => kindAt(at) !== undefined);
    const place: Place = { ...each, index, isGrown, dependencies, network: networkBefore(index), kindAt };
    Resources[nameOf(index)] = {
      Type: kind,
      Properties: { ...PROPERTIES[kind](place), ...labelsOf(kind, place) },
      ...(dependencies.length > 0 && { DependsOn: dependencies.map(nameOf) }),
    };
  }
  const named = Object.keys(Resources).slice(-3);
  const Outputs = Object.fromEntries(named.map((name) => [`Of${name}`, { Value: { Ref: name } }]));
  return JSON.stringify({ Resources, ...(named.length > 0 && { Outputs }) });
}

function labelsOf(kind: Kind, { tie, setting, dependencies: [first] }: Place): object {
  // In the order of their names, in which some services keep them.
  const Labels = {
    ...(tie === "text" && first !== undefined && { first: { "Fn::Sub": `\${${nameOf(first)}}` } }),
    setting: `${setting}`,
  };
  if (!kind.startsWith("AWS::")) return { Labels };
  return { Tags: Object.entries(Labels).map(([Key, Value]) => ({ Key, Value })) };
}

const only = <T>(value: T | undefined, kind: Kind, place: Place): T | undefined =>
  typeof value === "number" && place.kindAt(value) === kind ? value : undefined;

/** The properties of each kind. Whatever it was before, it can become this. */
const PROPERTIES: Readonly<Record<Kind, (place: Place) => object>> = {
  // Values name their resource, so that a fault can pick one.
  Thing: (place) => {
    const { index, setting, isOther, tie, dependencies } = place;
    const [first] = dependencies;
    const things = dependencies.filter((at) => place.kindAt(at) === "Thing");
    return {
      Value: `${index}:${setting}`,
      Kind: tie === "anchor" && first !== undefined ? textOf(first) : isOther ? "other" : "plain",
      ...(tie === "ref" && { Uses: things.map(ref) }),
      ...(setting % 2 === 1 && { Secret: `secret ${setting}` }),
    };
  },
  VPC: ({ index, isOther }) => ({ CIDRBlock: `10.${index}.0.0/${isOther ? 17 : 16}` }),
  Subnet: ({ index, isOther, network = 0 }) => ({
    VpcID: ref(network),
    CIDRBlock: `10.${network}.${index >> 3}.${(index & 7) * 32 + (isOther ? 16 : 0)}/28`,
  }),
  Volume: ({ isGrown, setting }) => ({ Size: isGrown ? 20 : 10, Name: `disk-${setting}` }),
  Instance: (place) => {
    const { isOther, setting, tie, index, dependencies } = place;
    const subnet = dependencies.find((at) => place.kindAt(at) === "Subnet");
    // A volume has one instance at a time, so only the next in line may take it.
    const volume = dependencies.includes(index - 1) ? only(index - 1, "Volume", place) : undefined;
    return {
      Image: isOther ? "debian" : "alpine",
      Size: setting > 1 ? "large" : "small",
      ...(subnet !== undefined && tie === "anchor" && { SubnetID: ref(subnet) }),
      ...(volume !== undefined && { VolumeID: ref(volume) }),
    };
  },
  Queue: ({ isOther, setting }) => ({ Fifo: isOther, DelaySeconds: setting }),
  Bucket: ({ isGrown }) => ({ Versioning: isGrown }),
  Table: ({ isOther, setting }) => ({
    PartitionKey: { Name: isOther ? "other" : "id", Type: "S" },
    DeletionProtection: false,
    ...(setting > 1 && { TimeToLiveAttribute: "expiresAt" }),
  }),
  "AWS::SQS::Queue": ({ isOther, setting, tie, dependencies, kindAt }) => {
    const dead = dependencies.find((at) => kindAt(at) === "AWS::SQS::Queue");
    return {
      ...(isOther && { FifoQueue: true }),
      ...(setting > 0 && { DelaySeconds: setting }),
      ...(tie === "ref" &&
        dead !== undefined && {
          // A policy of another kind of queue is refused, and only the whole of it can be known to fit.
          RedriveAllowPolicy: { redrivePermission: "byQueue", sourceQueueArns: [arnOf(dead)] },
        }),
    };
  },
  "AWS::S3::Bucket": ({ isGrown, isOther, setting }) => ({
    ...(isGrown && { VersioningConfiguration: { Status: "Enabled" } }),
    ...(isOther && { OwnershipControls: { Rules: [{ ObjectOwnership: "ObjectWriter" }] } }),
    ...(setting > 1 && {
      LifecycleConfiguration: { Rules: [{ Id: "old", Status: "Enabled", ExpirationInDays: setting }] },
    }),
  }),
  "AWS::DynamoDB::Table": ({ isOther, setting }) => {
    const key = isOther ? "other" : "id";
    return {
      AttributeDefinitions: [{ AttributeName: key, AttributeType: "S" }],
      KeySchema: [{ AttributeName: key, KeyType: "HASH" }],
      // A table keeps when its throughput was changed, so that a way back leaves more than there was.
      BillingMode: "PAY_PER_REQUEST",
      ...(setting % 2 === 1 && { TimeToLiveSpecification: { AttributeName: "expiresAt", Enabled: true } }),
    };
  },
};
