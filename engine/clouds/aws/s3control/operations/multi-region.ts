import type {
  AsyncOperation,
  AsyncRequestParameters,
  MultiRegionAccessPointReport,
  S3controlOperations,
} from "../../../../models/aws/s3control.generated.ts";
import type { OperationOutput } from "../../../../services/manifest.ts";
import { objects } from "../../../../services/objects/service.ts";
import { bind, type WireCall } from "../../binding.ts";
import { multiRegionPointName, requestIdIn, requestToken } from "../arns.ts";
import { ownAccount, publicAccessBlock, publicAccessOf } from "../model.ts";
import { nextToken, pageOf } from "../paging.ts";

/** Multi-Region Access Points. What AWS takes minutes for has succeeded by the time that its token is handed out. */

type Point = OperationOutput<typeof objects, "getMultiRegionPoint">;
type Asked = OperationOutput<typeof objects, "getPointRequest">;
type OfAccount = { readonly AccountId: string };

const pointRef = (wire: OfAccount & { readonly Name: string }, call: WireCall) => ({
  name: wire.Name,
  ...ownAccount(wire, call),
});
const tokenFor = (asked: Asked, call: WireCall) => ({ RequestTokenARN: requestToken(asked, call) });

const report = (point: Point): MultiRegionAccessPointReport => ({
  Name: point.name,
  Alias: point.alias,
  CreatedAt: new Date(point.createdAtMs),
  PublicAccessBlock: publicAccessBlock(point.publicAccessBlock),
  Status: "READY",
  Regions: point.routes.map(({ bucket, region, bucketAccount }) => ({
    Bucket: bucket,
    Region: region,
    BucketAccountId: bucketAccount,
  })),
});

function parameters({ kind, name, created, policy }: Asked): AsyncRequestParameters {
  if (kind === "delete") return { DeleteMultiRegionAccessPointRequest: { Name: name } };
  if (kind === "put-policy") return { PutMultiRegionAccessPointPolicyRequest: { Name: name, Policy: policy ?? "" } };
  const routes = created?.routes ?? [];
  const Regions = routes.map(({ bucket, bucketAccount }) => ({ Bucket: bucket, BucketAccountId: bucketAccount }));
  const block = created && { PublicAccessBlock: publicAccessBlock(created.publicAccessBlock) };
  return { CreateMultiRegionAccessPointRequest: { Name: name, Regions, ...block } };
}

const NAMES = {
  create: "CreateMultiRegionAccessPoint",
  delete: "DeleteMultiRegionAccessPoint",
  "put-policy": "PutMultiRegionAccessPointPolicy",
} as const;

const wireRequest = (asked: Asked, call: WireCall): AsyncOperation => ({
  CreationTime: new Date(asked.atMs),
  Operation: NAMES[asked.kind],
  ...tokenFor(asked, call),
  RequestParameters: parameters(asked),
  RequestStatus: "SUCCEEDED",
  ResponseDetails: {
    MultiRegionAccessPointDetails: {
      Regions: asked.regions.map((region) => ({ Name: region, RequestStatus: "SUCCEEDED" })),
    },
  },
});

const DIAL = { on: 100, off: 0 };

export const multiRegionOperations = bind<S3controlOperations>()(objects, {
  CreateMultiRegionAccessPoint: {
    to: "createMultiRegionPoint",
    in({ ClientToken, Details, ...w }, call) {
      const { PublicAccessBlock: block } = Details;
      return {
        token: ClientToken,
        name: Details.Name,
        buckets: Details.Regions.map(({ Bucket, BucketAccountId }) => ({
          bucket: Bucket,
          ...(BucketAccountId !== undefined && { bucketAccount: BucketAccountId }),
        })),
        ...(block !== undefined && { publicAccessBlock: publicAccessOf(block) }),
        ...ownAccount(w, call),
      };
    },
    out: (r, _, call) => tokenFor(r, call),
  },
  DeleteMultiRegionAccessPoint: {
    to: "deleteMultiRegionPoint",
    in: ({ ClientToken, Details, ...w }, call) => ({ token: ClientToken, name: Details.Name, ...ownAccount(w, call) }),
    out: (r, _, call) => tokenFor(r, call),
  },
  PutMultiRegionAccessPointPolicy: {
    to: "putMultiRegionPointPolicy",
    in: ({ ClientToken, Details, ...w }, call) => ({
      token: ClientToken,
      name: Details.Name,
      policy: Details.Policy,
      ...ownAccount(w, call),
    }),
    out: (r, _, call) => tokenFor(r, call),
  },
  DescribeMultiRegionAccessPointOperation: {
    to: "getPointRequest",
    in: ({ RequestTokenARN, ...w }, call) => ({ ...ownAccount(w, call), id: requestIdIn(RequestTokenARN, call) }),
    out: (r, _, call) => ({ AsyncOperation: wireRequest(r, call) }),
  },
  GetMultiRegionAccessPoint: { to: "getMultiRegionPoint", in: pointRef, out: (r) => ({ AccessPoint: report(r) }) },
  ListMultiRegionAccessPoints: {
    to: "listMultiRegionPoints",
    in: (w, call) => ({ ...pageOf(w), ...ownAccount(w, call) }),
    out: (r) => ({ AccessPoints: r.points.map(report), ...nextToken(r.next) }),
  },
  GetMultiRegionAccessPointPolicy: {
    to: "getMultiRegionPointPolicy",
    in: pointRef,
    out: ({ policy }) =>
      policy === undefined ? {} : { Policy: { Established: { Policy: policy }, Proposed: { Policy: policy } } },
  },
  GetMultiRegionAccessPointPolicyStatus: {
    to: "getMultiRegionPointPolicy",
    in: pointRef,
    out: (r) => ({ Established: { IsPublic: r.isPublic } }),
  },
  GetMultiRegionAccessPointRoutes: {
    to: "getMultiRegionPoint",
    in: ({ Mrap, ...w }, call) => ({ name: multiRegionPointName(Mrap, call), ...ownAccount(w, call) }),
    out: (r, { Mrap }) => ({
      Mrap,
      Routes: r.routes.map(({ bucket, region, isActive }) => ({
        Bucket: bucket,
        Region: region,
        TrafficDialPercentage: isActive ? DIAL.on : DIAL.off,
      })),
    }),
  },
  SubmitMultiRegionAccessPointRoutes: {
    to: "putMultiRegionRoutes",
    in: ({ Mrap, RouteUpdates, ...w }, call) => ({
      name: multiRegionPointName(Mrap, call),
      routes: RouteUpdates.map(({ Bucket, Region, TrafficDialPercentage }) => ({
        ...(Bucket !== undefined && { bucket: Bucket }),
        ...(Region !== undefined && { region: Region }),
        isActive: TrafficDialPercentage !== DIAL.off,
      })),
      ...ownAccount(w, call),
    }),
    out: () => ({}),
  },
});
