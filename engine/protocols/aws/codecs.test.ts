import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { GetUserCommand, IAMClient } from "@aws-sdk/client-iam";
import {
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutBucketLifecycleConfigurationCommand,
  PutObjectAclCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { WireRequest, WireResponse, WireHeaders } from "../wire.ts";
import { AwsFailure, type FailureForm } from "./codec.ts";
import { codecFor } from "./codecs.ts";
import { createDispatch } from "./dispatch.ts";
import { readAll } from "./request-body.ts";

/** What the test's server saw last, and what it answers next. */
const seen: { operation: string; input: Record<string, unknown>; body: string; host: string } = {
  operation: "",
  input: {},
  body: "",
  host: "",
};
let answer: Record<string, unknown> | AwsFailure = {};
const dispatch = createDispatch();

async function handle(request: WireRequest): Promise<WireResponse> {
  let form: FailureForm = { protocol: "rest-xml" };
  try {
    const route = await dispatch(request);
    form = route;
    const codec = codecFor(route.protocol);
    const input = await codec.parse(route, request);
    const streamed = Object.values(input).find((value) => value instanceof Readable);
    Object.assign(seen, { operation: `${route.model.id}.${route.operation.name}`, input, host: request.host });
    const bytes = Object.values(input).find((value) => Buffer.isBuffer(value));
    seen.body = String(streamed === undefined ? bytes : await readAll(streamed));
    if (answer instanceof AwsFailure) throw answer;
    return codec.serialize(route, answer, request.requestId);
  } catch (problem) {
    if (!(problem instanceof AwsFailure)) throw problem;
    const known = problem.form ?? form;
    return codecFor(known.protocol).serializeFailure(known, problem.failure, request.requestId);
  }
}

let server: Server;
let endpoint: string;
const settings = () => ({
  endpoint,
  region: "eu-west-1",
  credentials: { accessKeyId: "111122223333", secretAccessKey: "x" },
  maxAttempts: 1,
});

beforeAll(async () => {
  server = createServer((request, response) => {
    const [path = "/", query = ""] = (request.url ?? "/").split("?");
    void handle({
      method: request.method ?? "GET",
      path,
      query,
      headers: request.headers as WireHeaders,
      body: request,
      isSecure: false,
      host: request.headers.host ?? "",
      requestId: "req-1",
    }).then(
      ({ status, headers, body }) => {
        response.writeHead(status, headers);
        if (body instanceof Readable) body.pipe(response);
        else response.end(body);
      },
      (problem: unknown) => {
        response.writeHead(500);
        response.end(String(problem instanceof Error ? problem.stack : problem));
      },
    );
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

const failing = (code: string, more: Partial<AwsFailure["failure"]> = {}) =>
  new AwsFailure({ code, status: 400, message: "No.", ...more });

describe("through the AWS SDK", () => {
  test("a table item with every kind of attribute arrives and returns unchanged", async () => {
    const dynamodb = new DynamoDBClient(settings());
    const item = {
      s: { S: "text" },
      n: { N: "12" },
      b: { B: new Uint8Array([1, 2, 255]) },
      bs: { BS: [new Uint8Array([0])] },
      m: { M: { l: { L: [{ BOOL: true }, { NULL: true }, { M: { deep: { B: new Uint8Array([7]) } } }] } } },
    };
    answer = { ConsumedCapacity: { CapacityUnits: 1.5 } };
    const put = await dynamodb.send(new PutItemCommand({ TableName: "t", Item: item }));
    expect(put.ConsumedCapacity).toEqual({ CapacityUnits: 1.5 });
    expect(seen.operation).toBe("dynamodb.PutItem");
    const received = seen.input["Item"] as typeof item;
    expect(Buffer.from(received.m.M.l.L[2]?.M?.deep.B ?? [])).toEqual(Buffer.from([7]));
    answer = { Item: received };
    expect((await dynamodb.send(new GetItemCommand({ TableName: "t", Key: {} }))).Item).toEqual(item);
  });

  test("a JSON failure keeps its code, its members and its request id", async () => {
    answer = failing("ConditionalCheckFailedException", { members: { Item: { b: { B: new Uint8Array([9]) } } } });
    await expect(
      new DynamoDBClient(settings()).send(new PutItemCommand({ TableName: "t", Item: {} })),
    ).rejects.toMatchObject({
      name: "ConditionalCheckFailedException",
      message: "No.",
      Item: { b: { B: new Uint8Array([9]) } },
      $metadata: { httpStatusCode: 400, requestId: "req-1" },
    });
  });

  test("a service that once spoke query names its old code too", async () => {
    answer = failing("QueueDoesNotExist");
    await expect(
      new SQSClient(settings()).send(new SendMessageCommand({ QueueUrl: `${endpoint}/1/q`, MessageBody: "x" })),
    ).rejects.toMatchObject({
      name: "QueueDoesNotExist",
      Code: "AWS.SimpleQueueService.NonExistentQueue",
      Type: "Sender",
    });
  });

  test("messages with binary attributes are received", async () => {
    answer = {
      Messages: [
        {
          Body: "a",
          MD5OfBody: "0cc175b9c0f1b6a831c399e269772661",
          MessageAttributes: { k: { DataType: "Binary", BinaryValue: new Uint8Array([1]) } },
        },
      ],
    };
    const { Messages } = await new SQSClient(settings()).send(
      new ReceiveMessageCommand({ QueueUrl: `${endpoint}/1/q` }),
    );
    expect(Messages?.[0]?.MessageAttributes).toEqual({ k: { DataType: "Binary", BinaryValue: new Uint8Array([1]) } });
  });

  test("query answers are wrapped and hold dates; query failures name sender and code", async () => {
    answer = { Account: "111122223333", Arn: "arn:<&>", UserId: "u" };
    expect(await new STSClient(settings()).send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: "111122223333",
      Arn: "arn:<&>",
    });
    const created = new Date("2030-01-02T03:04:05.000Z");
    answer = {
      User: { UserName: "u", UserId: "i", Arn: "a", Path: "/", CreateDate: created, Tags: [{ Key: "k", Value: "" }] },
    };
    expect((await new IAMClient(settings()).send(new GetUserCommand({ UserName: "u" }))).User).toMatchObject({
      CreateDate: created,
      Tags: [{ Key: "k", Value: "" }],
    });
    answer = failing("NoSuchEntityException", { status: 404 });
    await expect(new IAMClient(settings()).send(new GetUserCommand({}))).rejects.toMatchObject({
      Code: "NoSuchEntity",
      Type: "Sender",
    });
  });

  test("SimpleDB fails in the form of its own", async () => {
    answer = failing("NotImplemented", { status: 501 });
    const scope = "test/20300102/us-east-1/sdb/aws4_request";
    const failed = await fetch(endpoint, {
      method: "POST",
      headers: { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0` },
      body: new URLSearchParams({ Action: "ListDomains", Version: "2009-04-15" }),
    });
    expect(failed.status).toBe(501);
    expect(await failed.text()).toMatch(/<Response><Errors><Error><Code>NotImplemented<\/Code>.*<RequestID>/);
  });

  test("an object is put with its key, metadata and body, and got with its headers", async () => {
    const s3 = new S3Client({ ...settings(), forcePathStyle: true });
    answer = { ETag: '"e"' };
    const put = new PutObjectCommand({
      Bucket: "b",
      Key: "a/ü +%.txt",
      Body: "hello",
      Metadata: { Name: "value" },
      Expires: new Date("2031-01-01T00:00:00Z"),
    });
    expect((await s3.send(put)).ETag).toBe('"e"');
    expect(seen).toMatchObject({
      operation: "s3.PutObject",
      body: "hello",
      input: { Bucket: "b", Key: "a/ü +%.txt", Metadata: { name: "value" } },
    });
    const stream = new PutObjectCommand({
      Bucket: "b",
      Key: "k",
      Body: Readable.from(["x".repeat(70_000), "y"]),
      ContentLength: 70_001,
    });
    await s3.send(stream);
    expect(seen).toMatchObject({
      operation: "s3.PutObject",
      body: `${"x".repeat(70_000)}y`,
      input: { ContentLength: 70_001 },
    });
    answer = {
      Body: Readable.from([Buffer.from("hello")]),
      ContentLength: 5,
      LastModified: new Date(0),
      Metadata: { name: "ü" },
      ContentType: "text/css",
    };
    const got = await s3.send(new GetObjectCommand({ Bucket: "b", Key: "k" }));
    expect(await got.Body?.transformToString()).toBe("hello");
    expect(got).toMatchObject({ ContentLength: 5, ContentType: "text/css", LastModified: new Date(0) });
  });

  test("lists of objects, prefixes and escapes survive XML", async () => {
    const s3 = new S3Client({ ...settings(), forcePathStyle: true });
    const contents = [
      { Key: "a&<b>\u0085", LastModified: new Date(1e12), Size: 3, ETag: '"x"', StorageClass: "STANDARD" as const },
    ];
    answer = {
      Name: "b",
      Contents: contents,
      CommonPrefixes: [{ Prefix: "p/" }, { Prefix: "q/" }],
      IsTruncated: false,
      KeyCount: 3,
    };
    expect(await s3.send(new ListObjectsV2Command({ Bucket: "b", Prefix: "x", MaxKeys: 7 }))).toMatchObject({
      Contents: contents,
      CommonPrefixes: [{ Prefix: "p/" }, { Prefix: "q/" }],
      IsTruncated: false,
      KeyCount: 3,
    });
    expect(seen.input).toMatchObject({ Bucket: "b", Prefix: "x", MaxKeys: 7 });
    answer = { Buckets: [{ Name: "one", CreationDate: new Date(0) }], Owner: { ID: "o" } };
    expect((await s3.send(new ListBucketsCommand({}))).Buckets).toEqual([{ Name: "one", CreationDate: new Date(0) }]);
  });

  test("a bucket's location is the text of the root element", async () => {
    answer = { LocationConstraint: "eu-west-1" };
    expect(
      (await new S3Client({ ...settings(), forcePathStyle: true }).send(new GetBucketLocationCommand({ Bucket: "b" })))
        .LocationConstraint,
    ).toBe("eu-west-1");
  });

  test("documents in requests are read: lists, attributes, dates", async () => {
    const s3 = new S3Client({ ...settings(), forcePathStyle: true });
    answer = {};
    await s3.send(
      new DeleteObjectsCommand({
        Bucket: "b",
        Delete: { Quiet: true, Objects: [{ Key: "1" }, { Key: "2<", VersionId: "v" }] },
      }),
    );
    expect(seen.input["Delete"]).toEqual({ Quiet: true, Objects: [{ Key: "1" }, { Key: "2<", VersionId: "v" }] });
    await s3.send(
      new PutObjectAclCommand({
        Bucket: "b",
        Key: "k",
        AccessControlPolicy: {
          Owner: { ID: "o" },
          Grants: [{ Grantee: { Type: "CanonicalUser", ID: "g" }, Permission: "READ" }],
        },
      }),
    );
    expect(seen.input["AccessControlPolicy"]).toEqual({
      Owner: { ID: "o" },
      Grants: [{ Grantee: { Type: "CanonicalUser", ID: "g" }, Permission: "READ" }],
    });
    const rule = {
      ID: "r",
      Status: "Enabled" as const,
      Filter: { Prefix: "p" },
      Expiration: { Date: new Date("2031-01-01T00:00:00.000Z") },
    };
    await s3.send(
      new PutBucketLifecycleConfigurationCommand({ Bucket: "b", LifecycleConfiguration: { Rules: [rule] } }),
    );
    expect(seen.input["LifecycleConfiguration"]).toEqual({ Rules: [rule] });
  });

  test("S3 failures are bare errors; a HEAD failure has no body", async () => {
    const s3 = new S3Client({ ...settings(), forcePathStyle: true });
    answer = failing("NoSuchBucket", { status: 404, members: { BucketName: "b" } });
    await expect(s3.send(new GetObjectCommand({ Bucket: "b", Key: "k" }))).rejects.toMatchObject({
      name: "NoSuchBucket",
      BucketName: "b",
      $metadata: { requestId: "req-1" },
    });
    answer = failing("NotFound", { status: 404 });
    await expect(s3.send(new HeadObjectCommand({ Bucket: "b", Key: "k" }))).rejects.toMatchObject({
      name: "NotFound",
      $metadata: { httpStatusCode: 404 },
    });
  });
});
