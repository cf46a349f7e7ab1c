import type { S3controlOperations } from "../../../../models/aws/s3control.generated.ts";
import { objects } from "../../../../services/objects/service.ts";
import { accessPointArn } from "../../access-point-arn.ts";
import { bind, type WireCall } from "../../binding.ts";
import {
  accessPointName,
  ownAccount,
  publicAccessBlock,
  publicAccessOf,
  refuseMembers,
  resourceOf,
  tagsOf,
  wireTags,
} from "../model.ts";
import { nextToken, pageOf } from "../paging.ts";

const pointRef = (wire: { readonly AccountId: string; readonly Name: string }, call: WireCall) => ({
  name: accessPointName(wire.Name, call),
  ...ownAccount(wire, call),
});

interface Point {
  readonly name: string;
  readonly alias: string;
  readonly bucket: string;
  readonly bucketAccount: string;
  readonly network?: string;
}

/** What listings and descriptions both say. */
const wirePoint = ({ name, alias, bucket, bucketAccount, network }: Point, call: WireCall) => ({
  Name: name,
  Bucket: bucket,
  NetworkOrigin: network === undefined ? "Internet" : "VPC",
  ...(network !== undefined && { VpcConfiguration: { VpcId: network } }),
  Alias: alias,
  AccessPointArn: accessPointArn(name, call),
  BucketAccountId: bucketAccount,
});

export const accessPointOperations = bind<S3controlOperations>()(objects, {
  PutPublicAccessBlock: {
    to: "putAccountPublicAccessBlock",
    in: (w, call) => ({ ...publicAccessOf(w.PublicAccessBlockConfiguration), ...ownAccount(w, call) }),
    out: () => ({}),
  },
  GetPublicAccessBlock: {
    to: "getAccountPublicAccessBlock",
    in: ownAccount,
    out: (r) => ({ PublicAccessBlockConfiguration: publicAccessBlock(r) }),
  },
  DeletePublicAccessBlock: { to: "deleteAccountPublicAccessBlock", in: ownAccount, out: () => ({}) },
  CreateAccessPoint: {
    to: "createAccessPoint",
    in: (w, call) => {
      refuseMembers(w, "Scope");
      const { PublicAccessBlockConfiguration: block } = w;
      return {
        bucket: w.Bucket,
        ...(w.BucketAccountId !== undefined && { bucketAccount: w.BucketAccountId }),
        ...(w.VpcConfiguration !== undefined && { network: w.VpcConfiguration.VpcId }),
        ...(block !== undefined && { publicAccessBlock: publicAccessOf(block) }),
        ...(w.Tags !== undefined && { tags: tagsOf(w.Tags) }),
        ...pointRef(w, call),
      };
    },
    out: (r, _, call) => ({ AccessPointArn: accessPointArn(r.name, call), Alias: r.alias }),
    recordedOnly: ["VpcConfiguration"],
  },
  GetAccessPoint: {
    to: "getAccessPoint",
    in: pointRef,
    out: (r, _, call) => ({
      ...wirePoint(r, call),
      CreationDate: new Date(r.createdAtMs),
      PublicAccessBlockConfiguration: publicAccessBlock(r.publicAccessBlock),
    }),
  },
  ListAccessPoints: {
    to: "listAccessPoints",
    in: (w, call) => {
      refuseMembers(w, "DataSourceId", "DataSourceType");
      return {
        ...(w.Bucket !== undefined && { bucket: w.Bucket }),
        ...pageOf(w),
        ...ownAccount(w, call),
      };
    },
    out: (r, _, call) => ({
      AccessPointList: r.points.map((point) => wirePoint(point, call)),
      ...nextToken(r.next),
    }),
  },
  DeleteAccessPoint: { to: "deleteAccessPoint", in: pointRef, out: () => ({}) },
  PutAccessPointPolicy: {
    to: "putAccessPointPolicy",
    in: (w, call) => ({ policy: w.Policy, ...pointRef(w, call) }),
    out: () => ({}),
  },
  GetAccessPointPolicy: { to: "getAccessPointPolicy", in: pointRef, out: (r) => ({ Policy: r.policy }) },
  GetAccessPointPolicyStatus: {
    to: "getAccessPointPolicy",
    in: pointRef,
    out: (r) => ({ PolicyStatus: { IsPublic: r.isPublic } }),
  },
  DeleteAccessPointPolicy: { to: "deleteAccessPointPolicy", in: pointRef, out: () => ({}) },
  TagResource: {
    to: "changeResourceTags",
    in: (w, call) => ({ set: tagsOf(w.Tags), removed: [], resource: resourceOf(w, call) }),
    out: () => ({}),
  },
  UntagResource: {
    to: "changeResourceTags",
    in: (w, call) => ({ set: [], removed: w.TagKeys, resource: resourceOf(w, call) }),
    out: () => ({}),
  },
  ListTagsForResource: {
    to: "getResourceTags",
    in: (w, call) => ({ resource: resourceOf(w, call) }),
    out: (r) => ({ Tags: wireTags(r.tags) }),
  },
});
