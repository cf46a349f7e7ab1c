import { request as httpRequest } from "node:http";
import {
  CreateBucketCommand,
  DeletePublicAccessBlockCommand,
  GetObjectCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
  type PutObjectCommandOutput,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll } from "vitest";
import { manualClock, type ManualClock } from "../platform/clock.ts";
import { startCloud, type TestCloud } from "./cloud.ts";

export interface Visit {
  readonly status: number;
  readonly location?: string | undefined;
  readonly type?: string | undefined;
  readonly body: string;
}

/** What a test of S3 stands on: a served engine with a clock that only the test moves, and AWS's own client. */
export interface S3World {
  readonly cloud: TestCloud;
  readonly clock: ManualClock;
  readonly s3: S3Client;
  /** A client of another account or region. */
  client(account: string, region?: string): S3Client;
  newBucket(more?: object): Promise<string>;
  versionedBucket(): Promise<string>;
  /** A bucket with access control lists, and nothing that blocks public ones. */
  openBucket(): Promise<string>;
  put(Bucket: string, Key: string, Body?: string | Uint8Array, more?: object): Promise<PutObjectCommandOutput>;
  text(Bucket: string, Key: string, more?: object): Promise<string | undefined>;
  /** A request as curl would send it; signed for account 111111111111, without a check of the signature. */
  raw(method: string, path: string, headers?: Record<string, string>, body?: string | Uint8Array): Promise<Response>;
  /** A request to a host of ours by its name, as a browser sends it and `fetch` cannot. */
  visit(host: string, path: string, method?: string, headers?: Record<string, string>, body?: string): Promise<Visit>;
  /** The same without any credential. */
  anonymous(method: string, path: string, headers?: Record<string, string>): Promise<Response>;
}

const START = "2030-01-15T10:00:00Z";
export const AUTHORIZATION =
  "AWS4-HMAC-SHA256 Credential=111111111111/20300115/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0";

/** Starts an engine for the tests of a file. */
export function s3World(): S3World {
  const world = {} as { -readonly [Name in keyof S3World]: S3World[Name] };
  let count = 0;
  const clients: S3Client[] = [];
  world.client = (account, region) => {
    const client = new S3Client({ ...world.cloud.aws(account, region), forcePathStyle: true });
    clients.push(client);
    return client;
  };
  world.newBucket = async (more = {}) => {
    const Bucket = `bucket-${(count += 1)}`;
    await world.s3.send(new CreateBucketCommand({ Bucket, ...more }));
    return Bucket;
  };
  world.versionedBucket = async () => {
    const Bucket = await world.newBucket();
    await world.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
    return Bucket;
  };
  world.openBucket = async () => {
    const Bucket = await world.newBucket();
    const OwnershipControls = { Rules: [{ ObjectOwnership: "ObjectWriter" as const }] };
    await world.s3.send(new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls }));
    await world.s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
    return Bucket;
  };
  world.put = (Bucket, Key, Body = "", more = {}) =>
    world.s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
  world.text = async (Bucket, Key, more = {}) =>
    (await world.s3.send(new GetObjectCommand({ Bucket, Key, ...more }))).Body?.transformToString();
  const ask = (method: string, path: string, headers: Record<string, string>, body?: string | Uint8Array) =>
    fetch(world.cloud.endpoint + path, {
      method,
      headers,
      redirect: "manual",
      ...(body !== undefined && { body: body as string }),
    });
  world.raw = (method, path, headers = {}, body = undefined) =>
    ask(method, path, { authorization: AUTHORIZATION, ...headers }, body);
  world.visit = (host, path, method = "GET", headers = {}, sentBody = "") => {
    const { hostname, port } = new URL(world.cloud.endpoint);
    return new Promise((resolve, reject) => {
      const sent = httpRequest({ hostname, port, path, method, headers: { ...headers, host } }, (response) => {
        let body = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => (body += chunk));
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            location: response.headers.location,
            type: response.headers["content-type"],
            body,
          }),
        );
      });
      sent.on("error", reject).end(sentBody);
    });
  };
  world.anonymous = (method, path, headers = {}) => ask(method, path, headers);

  beforeAll(async () => {
    world.clock = manualClock(START);
    world.cloud = await startCloud({ clock: world.clock });
    world.s3 = world.client("111111111111");
  });
  afterAll(async () => {
    for (const client of clients) client.destroy();
    await world.cloud.stop();
  });
  return world;
}

/** A failure as a client sees it: code and status; undefined when there is none. */
export async function failure(sent: Promise<unknown>): Promise<[string, number | undefined] | undefined> {
  try {
    await sent;
    return undefined;
  } catch (problem) {
    const { name, $metadata } = problem as { name: string; $metadata?: { httpStatusCode?: number } };
    return [name, $metadata?.httpStatusCode];
  }
}

/** The code and status of a raw answer. */
export const refusal = async (sent: Promise<Response>): Promise<[string | undefined, number]> => {
  const response = await sent;
  return [/<Code>([^<]+)/.exec(await response.text())?.[1], response.status];
};
