import { AwsFailure } from "../../../../protocols/aws/codec.ts";
import type { S3Operations } from "../../../../models/aws/s3.generated.ts";
import { objects } from "../../../../services/objects/service.ts";
import { bind, type WireCall } from "../../binding.ts";
import { accessListOf } from "../access-lists.ts";
import { bucketRef, canonicalId, dateOf, tagsOf } from "../model.ts";
import { refuseMembers, refuseToken } from "../refusals.ts";

/** The region that came first keeps old habits: it is written as no constraint, and making a bucket twice succeeds. */
const FIRST_REGION = "us-east-1";

export const OWNERSHIPS = {
  BucketOwnerEnforced: "bucket-owner-enforced",
  BucketOwnerPreferred: "bucket-owner-preferred",
  ObjectWriter: "object-writer",
} as const;

export function ownershipOf(wire: string | undefined): (typeof OWNERSHIPS)[keyof typeof OWNERSHIPS] | undefined {
  if (wire === undefined) return undefined;
  const ownership = OWNERSHIPS[wire as keyof typeof OWNERSHIPS];
  if (ownership) return ownership;
  throw new AwsFailure({
    code: "InvalidArgument",
    status: 400,
    message: `Invalid x-amz-object-ownership header: ${wire}`,
  });
}

const REGION_FORM = /^[a-z]{2}(?:-[a-z]+)+-\d{1,2}$/;

/** Where the bucket shall be: only the first region's endpoint makes buckets for others. */
function regionOf(constraint: string | undefined, call: WireCall): string {
  const region = constraint === "EU" ? "eu-west-1" : constraint;
  if (call.region === FIRST_REGION) {
    if (!region) return FIRST_REGION;
    if (region !== FIRST_REGION && REGION_FORM.test(region)) return region;
    throw new AwsFailure({
      code: "InvalidLocationConstraint",
      status: 400,
      message: "The specified location-constraint is not valid",
      members: { LocationConstraint: region },
    });
  }
  if (region === call.region) return region;
  throw new AwsFailure({
    code: "IllegalLocationConstraintException",
    status: 400,
    message:
      `The ${region ?? "unspecified"} location constraint is incompatible for the region specific endpoint `
      + "this request was sent to.",
  });
}

const tokenOf = (name: string): string => Buffer.from(name).toString("base64url");
const nameIn = (token: string): string => Buffer.from(token, "base64url").toString();

export const bucketBindings = bind<S3Operations>()(objects, {
  CreateBucket: {
    to: "createBucket",
    in: (w, call) => {
      const { CreateBucketConfiguration: configuration = {} } = w;
      refuseMembers(configuration, "Location", "Bucket");
      if (w.BucketNamespace !== "global") refuseMembers(w, "BucketNamespace");
      return {
        bucket: w.Bucket,
        region: regionOf(configuration.LocationConstraint, call),
        ownership: ownershipOf(w.ObjectOwnership),
        hasObjectLock: w.ObjectLockEnabledForBucket,
        accessList: accessListOf(w, call),
        tags: configuration.Tags && tagsOf(configuration.Tags),
        acceptsOwned: call.region === FIRST_REGION,
      };
    },
    out: (r) => ({ Location: `/${r.name}`, BucketArn: `arn:aws:s3:::${r.name}` }),
  },
  HeadBucket: {
    to: "getBucket",
    in: bucketRef,
    out: (r, w) => ({
      BucketRegion: r.region,
      AccessPointAlias: w.Bucket !== r.name && w.Bucket.endsWith("-s3alias"),
      BucketArn: `arn:aws:s3:::${r.name}`,
    }),
  },
  GetBucketLocation: {
    to: "getBucket",
    in: bucketRef,
    out: (r) => (r.region === FIRST_REGION ? {} : { LocationConstraint: r.region }),
  },
  // There are none: a directory bucket cannot be created.
  ListDirectoryBuckets: {
    to: "listBuckets",
    in: (w) => {
      refuseToken(w.ContinuationToken);
      return { limit: w.MaxDirectoryBuckets ?? 1 };
    },
    out: () => ({ Buckets: [] }),
  },
  ListBuckets: {
    to: "listBuckets",
    in: (w) => ({
      prefix: w.Prefix,
      region: w.BucketRegion,
      limit: w.MaxBuckets,
      after: w.ContinuationToken && nameIn(w.ContinuationToken),
    }),
    out: (r, w, call) => ({
      Buckets: r.buckets.map((bucket) => ({
        Name: bucket.name,
        CreationDate: dateOf(bucket.createdAtMs),
        BucketRegion: bucket.region,
        BucketArn: `arn:aws:s3:::${bucket.name}`,
      })),
      Owner: { ID: canonicalId(call.account) },
      ...(w.Prefix !== undefined && { Prefix: w.Prefix }),
      ...(r.next !== undefined && { ContinuationToken: tokenOf(r.next) }),
    }),
  },
  DeleteBucket: { to: "deleteBucket", in: bucketRef, out: () => ({}) },
  PutBucketVersioning: {
    to: "putBucketVersioning",
    in: (w) => {
      const status = w.VersioningConfiguration.Status;
      if (w.VersioningConfiguration.MFADelete === "Enabled") {
        throw new AwsFailure({
          code: "NotImplemented",
          status: 501,
          message: "CloudStacks does not implement MFA delete.",
        });
      }
      if (status === "Enabled" || status === "Suspended")
        return { ...bucketRef(w), versioning: status === "Enabled" ? "enabled" : "suspended" };
      throw new AwsFailure({
        code: "IllegalVersioningConfigurationException",
        status: 400,
        message: "The Versioning element must be specified",
      });
    },
    out: () => ({}),
    accepted: ["MFA"],
  },
  GetBucketVersioning: {
    to: "getBucket",
    in: bucketRef,
    out: (r) => (r.versioning === "off" ? {} : { Status: r.versioning === "enabled" ? "Enabled" : "Suspended" }),
  },
});
