import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketPolicyCommand,
  DeleteBucketTaggingCommand,
  GetBucketAccelerateConfigurationCommand,
  GetBucketAclCommand,
  GetBucketAnalyticsConfigurationCommand,
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketIntelligentTieringConfigurationCommand,
  GetBucketInventoryConfigurationCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetBucketLoggingCommand,
  GetBucketMetricsConfigurationCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketPolicyStatusCommand,
  GetBucketReplicationCommand,
  GetBucketRequestPaymentCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetBucketWebsiteCommand,
  GetObjectAclCommand,
  GetObjectLockConfigurationCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  ListBucketMetricsConfigurationsCommand,
  ListBucketsCommand,
  ListDirectoryBucketsCommand,
  PutBucketAccelerateConfigurationCommand,
  PutBucketAclCommand,
  PutBucketLoggingCommand,
  PutBucketMetricsConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketRequestPaymentCommand,
  PutBucketTaggingCommand,
  PutObjectAclCommand,
  PutPublicAccessBlockCommand,
  DeletePublicAccessBlockCommand,
  type Grant,
} from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { failure, refusal, s3World } from "../../../testing/s3-world.ts";

const world = s3World();
const send = (command: unknown) => world.s3.send(command as never) as unknown as Promise<Record<string, unknown>>;

describe("a configuration that a bucket does not have", () => {
  test.each([
    ["policy", GetBucketPolicyCommand, "NoSuchBucketPolicy"],
    ["policy status", GetBucketPolicyStatusCommand, "NoSuchBucketPolicy"],
    ["CORS", GetBucketCorsCommand, "NoSuchCORSConfiguration"],
    ["lifecycle", GetBucketLifecycleConfigurationCommand, "NoSuchLifecycleConfiguration"],
    ["website", GetBucketWebsiteCommand, "NoSuchWebsiteConfiguration"],
    ["replication", GetBucketReplicationCommand, "ReplicationConfigurationNotFoundError"],
    ["tags", GetBucketTaggingCommand, "NoSuchTagSet"],
    ["object lock", GetObjectLockConfigurationCommand, "ObjectLockConfigurationNotFoundError"],
  ] as const)("%s is a 404 of its own name", async (_, Command, code) => {
    const Bucket = await world.newBucket();
    expect(await failure(send(new Command({ Bucket })))).toEqual([code, 404]);
  });
  test.each([
    ["analytics", GetBucketAnalyticsConfigurationCommand],
    ["inventory", GetBucketInventoryConfigurationCommand],
    ["metrics", GetBucketMetricsConfigurationCommand],
    ["intelligent tiering", GetBucketIntelligentTieringConfigurationCommand],
  ] as const)("%s by an id is NoSuchConfiguration", async (_, Command) => {
    const Bucket = await world.newBucket();
    expect(await failure(send(new Command({ Bucket, Id: "none" })))).toEqual(["NoSuchConfiguration", 404]);
  });
  test("answers empty where S3 does", async () => {
    const Bucket = await world.newBucket();
    const read = async (command: unknown) => {
      const { $metadata: _, ...rest } = await send(command);
      return rest;
    };
    expect(await read(new GetBucketLoggingCommand({ Bucket }))).toEqual({});
    expect(await read(new GetBucketNotificationConfigurationCommand({ Bucket }))).toEqual({});
    expect(await read(new GetBucketAccelerateConfigurationCommand({ Bucket }))).toEqual({});
    expect(await read(new GetBucketVersioningCommand({ Bucket }))).toEqual({});
    expect(await read(new GetBucketRequestPaymentCommand({ Bucket }))).toEqual({ Payer: "BucketOwner" });
  });
  test("of a bucket that is not there is NoSuchBucket", async () => {
    for (const Command of [GetBucketPolicyCommand, GetBucketTaggingCommand, GetBucketAclCommand, GetBucketCorsCommand])
      expect(await failure(send(new Command({ Bucket: "nowhere-at-all" })))).toEqual(["NoSuchBucket", 404]);
  });
});

describe("a new bucket", () => {
  test("has one owner, who owns everything in it", async () => {
    const Bucket = await world.newBucket();
    const { OwnershipControls } = await world.s3.send(new GetBucketOwnershipControlsCommand({ Bucket }));
    expect(OwnershipControls?.Rules).toEqual([{ ObjectOwnership: "BucketOwnerEnforced" }]);
    const { Owner, Grants } = await world.s3.send(new GetBucketAclCommand({ Bucket }));
    expect(Grants).toEqual([{ Grantee: { ID: Owner?.ID, Type: "CanonicalUser" }, Permission: "FULL_CONTROL" }]);
  });
  test("blocks what is public and encrypts", async () => {
    const Bucket = await world.newBucket();
    const { PublicAccessBlockConfiguration } = await world.s3.send(new GetPublicAccessBlockCommand({ Bucket }));
    expect(PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    });
    const { ServerSideEncryptionConfiguration: rules } = await world.s3.send(
      new GetBucketEncryptionCommand({ Bucket }),
    );
    expect(rules?.Rules?.[0]?.ApplyServerSideEncryptionByDefault).toEqual({ SSEAlgorithm: "AES256" });
  });
  test("is where its constraint says", async () => {
    const west = world.client("111111111111", "eu-west-1");
    const CreateBucketConfiguration = { LocationConstraint: "eu-west-1" } as const;
    await west.send(new CreateBucketCommand({ Bucket: "in-the-west", CreateBucketConfiguration }));
    expect((await west.send(new GetBucketLocationCommand({ Bucket: "in-the-west" }))).LocationConstraint).toBe(
      "eu-west-1",
    );
    expect((await west.send(new HeadBucketCommand({ Bucket: "in-the-west" }))).BucketRegion).toBe("eu-west-1");
    const here = await world.newBucket();
    expect((await send(new GetBucketLocationCommand({ Bucket: here })))["LocationConstraint"]).toBe(undefined);
  });
  test.each([
    "ab",
    "a".repeat(64),
    "Upper",
    "under_score",
    "-start",
    "end-",
    "two..dots",
    "192.168.1.1",
    "xn--a",
    "a-s3alias",
  ])("cannot be called %s", async (Bucket) => {
    expect(await failure(send(new CreateBucketCommand({ Bucket })))).toEqual(["InvalidBucketName", 400]);
  });
  test("may have object lock from the beginning, and versions with it", async () => {
    const Bucket = await world.newBucket({ ObjectLockEnabledForBucket: true });
    expect((await send(new GetBucketVersioningCommand({ Bucket })))["Status"]).toBe("Enabled");
  });
});

describe("the list of buckets", () => {
  test("comes in pages, by prefix", async () => {
    const s3 = world.client("333333333333");
    for (const Bucket of ["list-a", "list-b", "list-c", "other-a"]) await s3.send(new CreateBucketCommand({ Bucket }));
    const first = await s3.send(new ListBucketsCommand({ MaxBuckets: 2, Prefix: "list-" }));
    expect(first.Buckets?.map(({ Name }) => Name)).toEqual(["list-a", "list-b"]);
    const { ContinuationToken } = first;
    const rest = await s3.send(new ListBucketsCommand({ MaxBuckets: 2, Prefix: "list-", ContinuationToken }));
    expect([rest.Buckets?.map(({ Name }) => Name), rest.ContinuationToken]).toEqual([["list-c"], undefined]);
  });
});

describe("the expected owner", () => {
  test("must be the owner", async () => {
    const Bucket = await world.newBucket();
    expect(await failure(send(new GetBucketAclCommand({ Bucket, ExpectedBucketOwner: "222222222222" })))).toEqual([
      "AccessDenied",
      403,
    ]);
    await send(new GetBucketAclCommand({ Bucket, ExpectedBucketOwner: "111111111111" }));
  });
  test("holds before a bucket is deleted", async () => {
    const Bucket = await world.newBucket();
    expect(await failure(send(new DeleteBucketCommand({ Bucket, ExpectedBucketOwner: "222222222222" })))).toEqual([
      "AccessDenied",
      403,
    ]);
  });
});

const ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers";
const permissions = (grants: readonly Grant[] | undefined) =>
  grants?.map(({ Grantee, Permission }) => [Grantee?.URI?.split("/").at(-1) ?? "owner", Permission]);

describe("an access control list", () => {
  const aclOf = async (Bucket: string) =>
    permissions((await world.s3.send(new GetBucketAclCommand({ Bucket }))).Grants);
  test.each([
    ["private", [["owner", "FULL_CONTROL"]]],
    [
      "public-read",
      [
        ["owner", "FULL_CONTROL"],
        ["AllUsers", "READ"],
      ],
    ],
    [
      "public-read-write",
      [
        ["owner", "FULL_CONTROL"],
        ["AllUsers", "READ"],
        ["AllUsers", "WRITE"],
      ],
    ],
    [
      "authenticated-read",
      [
        ["owner", "FULL_CONTROL"],
        ["AuthenticatedUsers", "READ"],
      ],
    ],
    [
      "log-delivery-write",
      [
        ["owner", "FULL_CONTROL"],
        ["LogDelivery", "WRITE"],
        ["LogDelivery", "READ_ACP"],
      ],
    ],
  ] as const)("called %s stands for its grants", async (ACL, grants) => {
    const Bucket = await world.openBucket();
    await send(new PutBucketAclCommand({ Bucket, ACL: ACL as "private" }));
    expect(await aclOf(Bucket)).toEqual(grants);
  });
  test("is given by headers or by a document, not by two of them", async () => {
    const Bucket = await world.openBucket();
    await send(new PutBucketAclCommand({ Bucket, GrantRead: `uri="${ALL_USERS}"` }));
    expect(await aclOf(Bucket)).toEqual([["AllUsers", "READ"]]);
    const Owner = (await world.s3.send(new GetBucketAclCommand({ Bucket }))).Owner;
    const Grants: Grant[] = [{ Grantee: { Type: "CanonicalUser", ID: Owner?.ID ?? "" }, Permission: "READ_ACP" }];
    await send(new PutBucketAclCommand({ Bucket, AccessControlPolicy: { Owner, Grants } }));
    expect(await aclOf(Bucket)).toEqual([["owner", "READ_ACP"]]);
    const both = { ACL: "private", GrantRead: `uri="${ALL_USERS}"` } as const;
    expect(await failure(send(new PutBucketAclCommand({ Bucket, ...both })))).toEqual(["InvalidRequest", 400]);
  });
  test("that S3 does not know is InvalidArgument, none at all MissingSecurityHeader", async () => {
    const Bucket = await world.openBucket();
    expect(await failure(send(new PutBucketAclCommand({ Bucket, ACL: "shared" as "private" })))).toEqual([
      "InvalidArgument",
      400,
    ]);
    expect(await refusal(world.raw("PUT", `/${Bucket}?acl`))).toEqual(["MissingSecurityHeader", 400]);
  });
  test("is refused where the owner owns everything, and where public ones are blocked", async () => {
    const Bucket = await world.newBucket();
    expect(await failure(send(new PutBucketAclCommand({ Bucket, ACL: "public-read" })))).toEqual([
      "AccessControlListNotSupported",
      400,
    ]);
    await send(new PutBucketAclCommand({ Bucket, ACL: "private" }));
    const open = await world.openBucket();
    const PublicAccessBlockConfiguration = { BlockPublicAcls: true };
    await send(new PutPublicAccessBlockCommand({ Bucket: open, PublicAccessBlockConfiguration }));
    expect(await failure(send(new PutBucketAclCommand({ Bucket: open, ACL: "public-read" })))).toEqual([
      "AccessDenied",
      403,
    ]);
    expect(await failure(world.put(open, "a", "1", { ACL: "public-read" }))).toEqual(["AccessDenied", 403]);
    await send(new DeletePublicAccessBlockCommand({ Bucket: open }));
    expect(await failure(send(new GetPublicAccessBlockCommand({ Bucket: open })))).toEqual([
      "NoSuchPublicAccessBlockConfiguration",
      404,
    ]);
    await world.put(open, "a", "1", { ACL: "public-read" });
    const { Grants } = await world.s3.send(new GetObjectAclCommand({ Bucket: open, Key: "a" }));
    expect(permissions(Grants)).toEqual([
      ["owner", "FULL_CONTROL"],
      ["AllUsers", "READ"],
    ]);
    await send(new PutObjectAclCommand({ Bucket: open, Key: "a", ACL: "private" }));
  });
});

describe("a policy", () => {
  const policy = (Bucket: string, ...Statement: object[]) =>
    send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Version: "2012-10-17", Statement }) }));
  const reading = (Bucket: string, more: object = {}) => ({
    Effect: "Allow",
    Principal: "*",
    Action: "s3:GetObject",
    Resource: `arn:aws:s3:::${Bucket}/*`,
    ...more,
  });
  const isPublic = async (Bucket: string) =>
    (await world.s3.send(new GetBucketPolicyStatusCommand({ Bucket }))).PolicyStatus?.IsPublic;

  test("comes back byte for byte, and goes", async () => {
    const Bucket = await world.openBucket();
    const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [reading(Bucket)] }, undefined, 1);
    await send(new PutBucketPolicyCommand({ Bucket, Policy }));
    expect((await world.s3.send(new GetBucketPolicyCommand({ Bucket }))).Policy).toBe(Policy);
    await send(new DeleteBucketPolicyCommand({ Bucket }));
    expect(await failure(send(new GetBucketPolicyCommand({ Bucket })))).toEqual(["NoSuchBucketPolicy", 404]);
  });
  test("is public when it allows something to everybody", async () => {
    const Bucket = await world.openBucket();
    await policy(Bucket, reading(Bucket));
    expect(await isPublic(Bucket)).toBe(true);
    await policy(Bucket, reading(Bucket, { Principal: { AWS: "arn:aws:iam::222222222222:root" } }));
    expect(await isPublic(Bucket)).toBe(false);
    await policy(Bucket, reading(Bucket, { Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } } }));
    expect(await isPublic(Bucket)).toBe(false);
    await policy(Bucket, reading(Bucket, { Effect: "Deny" }));
    expect(await isPublic(Bucket)).toBe(false);
  });
  test("for everybody is refused where those are blocked", async () => {
    const Bucket = await world.newBucket();
    expect(await failure(policy(Bucket, reading(Bucket)))).toEqual(["AccessDenied", 403]);
    await policy(Bucket, reading(Bucket, { Principal: { AWS: "arn:aws:iam::222222222222:root" } }));
  });
  test.each([
    ["no JSON", "{"],
    ["no statement", '{"Version":"2012-10-17"}'],
    ["a version of no kind", '{"Version":"2020-01-01","Statement":[]}'],
  ])("with %s is MalformedPolicy", async (_, Policy) => {
    const Bucket = await world.openBucket();
    expect(await failure(send(new PutBucketPolicyCommand({ Bucket, Policy })))).toEqual(["MalformedPolicy", 400]);
  });
  test.each([
    ["no effect", { Effect: "Maybe" }],
    ["another service's action", { Action: "sqs:SendMessage" }],
    ["another bucket's resource", { Resource: "arn:aws:s3:::another-bucket/*" }],
    ["no principal", { Principal: undefined }],
  ])("with %s in a statement is MalformedPolicy", async (_, more) => {
    const Bucket = await world.openBucket();
    expect(await failure(policy(Bucket, reading(Bucket, more)))).toEqual(["MalformedPolicy", 400]);
  });
});

describe("a bucket's tags", () => {
  test("are replaced, and gone", async () => {
    const Bucket = await world.newBucket();
    const tag = (...TagSet: { Key: string; Value: string }[]) =>
      send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
    await tag({ Key: "a", Value: "1" }, { Key: "b", Value: "" });
    await tag({ Key: "c", Value: "3" });
    expect((await world.s3.send(new GetBucketTaggingCommand({ Bucket }))).TagSet).toEqual([{ Key: "c", Value: "3" }]);
    await send(new DeleteBucketTaggingCommand({ Bucket }));
    expect(await failure(send(new GetBucketTaggingCommand({ Bucket })))).toEqual(["NoSuchTagSet", 404]);
    expect(await failure(tag({ Key: "a", Value: "1" }, { Key: "a", Value: "2" }))).toEqual(["InvalidTag", 400]);
  });
});

describe("settings of one word", () => {
  test("are checked", async () => {
    const Bucket = await world.newBucket();
    const RequestPaymentConfiguration = { Payer: "Nobody" as "Requester" };
    expect(await failure(send(new PutBucketRequestPaymentCommand({ Bucket, RequestPaymentConfiguration })))).toEqual([
      "MalformedXML",
      400,
    ]);
    const AccelerateConfiguration = { Status: "Fast" as "Enabled" };
    const accelerated = send(new PutBucketAccelerateConfigurationCommand({ Bucket, AccelerateConfiguration }));
    expect(await failure(accelerated)).toEqual(["MalformedXML", 400]);
  });
  test("acceleration is not for names with dots", async () => {
    await send(new CreateBucketCommand({ Bucket: "with.dots" }));
    const AccelerateConfiguration = { Status: "Enabled" as const };
    const sent = send(new PutBucketAccelerateConfigurationCommand({ Bucket: "with.dots", AccelerateConfiguration }));
    expect(await failure(sent)).toEqual(["InvalidRequest", 400]);
  });
});

describe("configurations by id", () => {
  test("come a hundred at a time", async () => {
    const Bucket = await world.newBucket();
    for (let at = 0; at < 101; at += 1) {
      const Id = `m${String(at).padStart(3, "0")}`;
      await send(new PutBucketMetricsConfigurationCommand({ Bucket, Id, MetricsConfiguration: { Id } }));
    }
    const first = await world.s3.send(new ListBucketMetricsConfigurationsCommand({ Bucket }));
    expect([first.IsTruncated, first.MetricsConfigurationList?.length]).toEqual([true, 100]);
    const rest = await world.s3.send(
      new ListBucketMetricsConfigurationsCommand({ Bucket, ContinuationToken: first.NextContinuationToken }),
    );
    expect([rest.IsTruncated, rest.MetricsConfigurationList]).toEqual([false, [{ Id: "m100" }]]);
  });
  test("have the id of their address", async () => {
    const Bucket = await world.newBucket();
    const sent = send(new PutBucketMetricsConfigurationCommand({ Bucket, Id: "a", MetricsConfiguration: { Id: "b" } }));
    expect(await failure(sent)).toEqual(["InvalidArgument", 400]);
  });
});

describe("the logs of a bucket", () => {
  const log = (Bucket: string, TargetBucket: string) => {
    const LoggingEnabled = { TargetBucket, TargetPrefix: "" };
    return world.s3.send(new PutBucketLoggingCommand({ Bucket, BucketLoggingStatus: { LoggingEnabled } }));
  };

  test("go to a bucket of the same account", async () => {
    const [Bucket, target] = [await world.newBucket(), await world.newBucket()];
    await log(Bucket, target);
    const { LoggingEnabled } = await world.s3.send(new GetBucketLoggingCommand({ Bucket }));
    expect(LoggingEnabled?.TargetBucket).toBe(target);
  });
  test("go to no bucket that is not there, in another region or another's", async () => {
    const Bucket = await world.newBucket();
    const [far, foreign] = ["logs-far-away", "logs-of-another"];
    const eu = world.client("111111111111", "eu-west-1");
    await eu.send(
      new CreateBucketCommand({ Bucket: far, CreateBucketConfiguration: { LocationConstraint: "eu-west-1" } }),
    );
    await world.client("222222222222").send(new CreateBucketCommand({ Bucket: foreign }));
    const refused = ["InvalidTargetBucketForLogging", 400];
    for (const target of ["nowhere-to-be-found", far, foreign])
      expect(await failure(log(Bucket, target))).toEqual(refused);
  });
});

test("access by attributes is off until it is put", async () => {
  const Bucket = await world.newBucket();
  const status = async () => (await world.raw("GET", `/${Bucket}?abac`)).text();
  expect(await status()).toContain("<Status>Disabled</Status>");
  const body = '<AbacStatus xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Status>Enabled</Status></AbacStatus>';
  expect((await world.raw("PUT", `/${Bucket}?abac`, {}, body)).status).toBe(200);
  expect(await status()).toContain("<Status>Enabled</Status>");
});

test("there are no directory buckets", async () => {
  expect((await world.s3.send(new ListDirectoryBucketsCommand({}))).Buckets).toEqual([]);
});
