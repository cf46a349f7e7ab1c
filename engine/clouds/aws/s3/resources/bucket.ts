import { isDeepStrictEqual } from "node:util";
import type { Reader, Transaction } from "../../../../kernel/store.ts";
import type { S3BucketProperties as Properties } from "../../../../models/cloudformation/aws-s3-bucket.generated.ts";
import { generatedName } from "../../../../services/generated-name.ts";
import { objects } from "../../../../services/objects/service.ts";
import { resourceErrors } from "../../../../services/resource-errors.ts";
import type { ResourceContext } from "../../../../services/resource-type.ts";
import { awsResourceType, nativeType } from "../../resource-type.ts";
import { ifThere } from "../../wire-calls.ts";
import { BUCKET_SETTINGS, type BucketSetting } from "./bucket-settings.ts";
import { recordedPaths, s3Calls, type S3 } from "./calls.ts";

const TYPE = "AWS::S3::Bucket";
type Context = ResourceContext<never>;
const native = nativeType(objects, "Bucket");

const attributesOf = (name: string, region: string) => ({
  BucketName: name,
  Arn: `arn:aws:s3:::${name}`,
  DomainName: `${name}.s3.amazonaws.com`,
  DualStackDomainName: `${name}.s3.dualstack.${region}.amazonaws.com`,
  RegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
  WebsiteURL: `http://${name}.s3-website-${region}.amazonaws.com`,
});

async function stateOf(tx: Reader, name: string, ctx: Context) {
  const s3 = s3Calls(tx, ctx);
  const head = await ifThere(s3("HeadBucket", { Bucket: name }));
  if (!head) return undefined;
  const lock = await ifThere(s3("GetObjectLockConfiguration", { Bucket: name }));
  const properties: Record<string, unknown> = { BucketName: name, ...(lock && { ObjectLockEnabled: true }) };
  for (const setting of BUCKET_SETTINGS) {
    const value = await setting.read(s3, name);
    if (value !== undefined) properties[setting.property] = value;
  }
  return {
    id: name,
    properties: properties as Properties,
    attributes: attributesOf(name, head.BucketRegion ?? ctx.region),
  };
}

async function requireState(tx: Reader, name: string, ctx: Context) {
  const state = await stateOf(tx, name, ctx);
  if (!state) throw resourceErrors.ResourceNotFound({ type: TYPE, id: name });
  return state;
}

const BACKWARDS = BUCKET_SETTINGS.toReversed();
const write = (s3: S3, setting: BucketSetting, name: string, value: unknown) =>
  setting.write(s3, name, value as NonNullable<Properties[keyof Properties]>);

/** What is no longer said goes first, backwards; then what is said otherwise than it is. */
async function applySettings(tx: Transaction, name: string, wanted: Properties, previous: Properties, ctx: Context) {
  const s3 = s3Calls(tx, ctx);
  for (const setting of BACKWARDS) {
    const { property } = setting;
    // A lock keeps versioning on.
    const isHeld = property === "VersioningConfiguration" && wanted.ObjectLockEnabled === true;
    if (wanted[property] !== undefined || isHeld || (await isUnsaid(s3, setting, name, previous))) continue;
    if (property === "VersioningConfiguration" && ctx.isUndo) await undoVersioning(tx, name, ctx);
    else await setting.clear(s3, name);
  }
  for (const setting of BUCKET_SETTINGS) {
    const value = wanted[setting.property];
    if (value === undefined || isDeepStrictEqual(value, await setting.read(s3, name))) continue;
    await write(s3, setting, name, value);
  }
}

/** Whether a setting is as it is when nothing is said of it; of what cannot be read, whether nothing was said. */
async function isUnsaid(s3: S3, setting: BucketSetting, name: string, previous: Properties): Promise<boolean> {
  const current = await setting.read(s3, name);
  if (current === undefined) return setting.property !== "AccessControl" || previous.AccessControl === undefined;
  return (setting.unsaid ?? []).some((value) => isDeepStrictEqual(value, current));
}

/** Clients can only suspend it; what an undone deployment had switched on goes off again. */
async function undoVersioning(tx: Transaction, name: string, ctx: Context): Promise<void> {
  const state = await native.handlers.read(tx, name, ctx);
  if (!state) return;
  const { Versioning: _, ...rest } = state.properties as Record<string, unknown>;
  await native.handlers.update(tx, name, rest, state.properties, ctx);
}

export const bucket = awsResourceType<Properties>()({
  name: TYPE,
  summary: "A bucket of objects.",
  twinOf: "Bucket",
  attributes: ["Arn", "BucketName", "DomainName", "DualStackDomainName", "RegionalDomainName", "WebsiteURL"],
  nameProperty: "BucketName",
  refused: [
    "AbacStatus",
    "BucketNamePrefix",
    "BucketNamespace",
    "MetadataConfiguration",
    "MetadataTableConfiguration",
    "ObjectLockConfiguration.Rule.DefaultRetention.DefaultEventHold",
  ],
  recordedOnly: BUCKET_SETTINGS.flatMap(({ property, put, names }) => recordedPaths(property, put, names)),
  examples: [
    {
      title: "a versioned bucket that encrypts with a key and forgets old versions",
      properties: {
        BucketName: "example-bucket",
        VersioningConfiguration: { Status: "Enabled" },
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }],
        },
        LifecycleConfiguration: {
          Rules: [{ Id: "old", Status: "Enabled", NoncurrentVersionExpiration: { NoncurrentDays: 30 } }],
        },
        Tags: [{ Key: "tier", Value: "front" }],
      },
    },
    { title: "a bucket whose name is generated", properties: {} },
    {
      title: "a website",
      properties: { WebsiteConfiguration: { IndexDocument: "index.html", ErrorDocument: "error.html" } },
    },
  ],
  handlers: {
    async create(tx, properties, ctx) {
      const s3 = s3Calls(tx, ctx);
      const name = properties.BucketName ?? bucketNameFrom(generatedName(ctx));
      // Clients may create what is theirs again; what a stack creates is its own, and goes with it.
      const existing = await ifThere(s3("HeadBucket", { Bucket: name }));
      if (existing) throw resourceErrors.ResourceExists({ type: TYPE, id: name });
      await s3("CreateBucket", {
        Bucket: name,
        ...(properties.ObjectLockEnabled === true && { ObjectLockEnabledForBucket: true }),
        ...(ctx.region !== "us-east-1" && { CreateBucketConfiguration: { LocationConstraint: ctx.region as never } }),
      });
      await applySettings(tx, name, properties, {}, ctx);
      return requireState(tx, name, ctx);
    },
    read: stateOf,
    async update(tx, id, properties, previous, ctx) {
      await applySettings(tx, id, properties, previous, ctx);
      return requireState(tx, id, ctx);
    },
    delete: native.handlers.delete,
    list: native.handlers.list,
  },
});

/** A generated name with what bucket names cannot hold taken out, cut so that its random end stays. */
const bucketNameFrom = (name: string): string =>
  name
    .replaceAll(/[^a-z0-9-]+/g, "-")
    .slice(-63)
    .replace(/^-+/, "")
    .padStart(3, "0");
