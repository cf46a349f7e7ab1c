import { describe, expect, test } from "vitest";
import { objects } from "../../../../services/objects/service.ts";
import { awsStacksUnderTest, templateOf } from "../../../../testing/aws-stacks.ts";
import { contentsOf, TEST_SCOPE } from "../../../../testing/stack-engine.ts";
import { lifecycleFromWire, lifecycleToWire } from "./lifecycle.ts";

const TYPE = "AWS::S3::Bucket";

describe("AWS::S3::Bucket", () => {
  test("is the bucket that clients see", async () => {
    const { deploy, calls, stacks } = awsStacksUnderTest();
    const template = templateOf(TYPE, { BucketName: "photos", VersioningConfiguration: { Status: "Enabled" } });
    expect((await deploy(template)).status).toBe("deployed");
    const bucket = await calls.call(objects, "getBucket", { bucket: "photos" }, TEST_SCOPE);
    expect(bucket).toMatchObject({ name: "photos", versioning: "enabled", account: "111111111111" });
    expect((await stacks.get(TEST_SCOPE, "web"))?.resources[0]?.attributes).toEqual({
      BucketName: "photos",
      Arn: "arn:aws:s3:::photos",
      DomainName: "photos.s3.amazonaws.com",
      DualStackDomainName: "photos.s3.dualstack.us-east-1.amazonaws.com",
      RegionalDomainName: "photos.s3.us-east-1.amazonaws.com",
      WebsiteURL: "http://photos.s3-website-us-east-1.amazonaws.com",
    });
  });

  test("stands beside native types, and each refers to the other", async () => {
    const { deploy, planText, stacks } = awsStacksUnderTest();
    const template = JSON.stringify({
      Resources: {
        Jobs: { Type: "Queue", Properties: { Labels: { bucket: { Ref: "Photos" } } } },
        Photos: { Type: TYPE, Properties: { Tags: [{ Key: "logs", Value: { Ref: "Logs" } }] } },
        Logs: { Type: "Bucket" },
      },
    });
    expect((await deploy(template)).status).toBe("deployed");
    expect(await planText(template)).toBe("web  3 resources: 3 unchanged");
    const resources = (await stacks.get(TEST_SCOPE, "web"))?.resources ?? [];
    const idOf = (logicalId: string) => resources.find((each) => each.logicalId === logicalId)?.id;
    expect(resources.find(({ logicalId }) => logicalId === "Jobs")?.live["Labels"]).toEqual({ bucket: idOf("Photos") });
    expect(resources.find(({ logicalId }) => logicalId === "Photos")?.live["Tags"]).toEqual([
      { Key: "logs", Value: idOf("Logs") },
    ]);
  });

  test("is as it was when a deployment is undone, versioning that had never been on included", async () => {
    const { deploy, store } = awsStacksUnderTest();
    await deploy(templateOf(TYPE, { BucketName: "photos", Tags: [{ Key: "tier", Value: "front" }] }));
    const before = await contentsOf(store, "objects");
    const failing = await deploy(
      templateOf(
        TYPE,
        {
          BucketName: "photos",
          VersioningConfiguration: { Status: "Enabled" },
          LifecycleConfiguration: { Rules: [{ Id: "old", Status: "Enabled", ExpirationInDays: 1 }] },
          PublicAccessBlockConfiguration: { BlockPublicAcls: false },
        },
        {
          Bad: {
            Type: "AWS::S3::BucketPolicy",
            DependsOn: "It",
            Properties: { Bucket: "none", PolicyDocument: "{}" },
          },
        },
      ),
    );
    expect(failing).toMatchObject({ status: "rolled-back", cause: { logicalId: "Bad" } });
    expect(await contentsOf(store, "objects")).toEqual(before);
  });

  test("refuses by name what CloudFormation has and nothing acts on", async () => {
    const { planText } = awsStacksUnderTest();
    const text = await planText(templateOf(TYPE, { AbacStatus: "Enabled", BucketName: "photos" }));
    expect(text).toContain("CS1211");
    expect(text).toContain("AbacStatus of AWS::S3::Bucket is not supported yet");
  });

  test("has its values checked against the registry's schema while planning", async () => {
    const { plan } = awsStacksUnderTest();
    const { diagnostics } = await plan(
      templateOf(TYPE, {
        VersioningConfiguration: { Status: "On" },
        Tag: [],
        CorsConfiguration: { CorsRules: [{ AllowedMethods: ["GET"] }] },
      }),
    );
    expect(diagnostics.map(({ code, message }) => `${code} ${message}`).sort()).toEqual([
      'CS1202 CorsConfiguration.CorsRules[0] of AWS::S3::Bucket needs the property "AllowedOrigins"',
      'CS1203 unknown property "Tag" of AWS::S3::Bucket',
      'CS1205 VersioningConfiguration.Status of AWS::S3::Bucket cannot be "On"',
    ]);
  });
});

describe("lifecycle rules", () => {
  test("become S3's: conditions in a filter, single forms in lists", () => {
    const wire = lifecycleToWire({
      Rules: [
        {
          Id: "a",
          Status: "Enabled",
          Prefix: "logs/",
          TagFilters: [{ Key: "k", Value: "v" }],
          ObjectSizeGreaterThan: "500",
          ExpirationDate: "2030-01-01T00:00:00Z",
          Transition: { StorageClass: "Glacier", TransitionInDays: 30 },
          NoncurrentVersionExpirationInDays: 7,
        },
        { Status: "Disabled", ExpirationInDays: 1 },
      ],
    });
    expect(wire).toEqual({
      Rules: [
        {
          ID: "a",
          Status: "Enabled",
          Filter: { And: { Prefix: "logs/", ObjectSizeGreaterThan: 500, Tags: [{ Key: "k", Value: "v" }] } },
          Expiration: { Date: new Date("2030-01-01T00:00:00Z") },
          Transitions: [{ StorageClass: "GLACIER", Days: 30 }],
          NoncurrentVersionExpiration: { NoncurrentDays: 7 },
        },
        { Status: "Disabled", Filter: { Prefix: "" }, Expiration: { Days: 1 } },
      ],
    });
    expect(lifecycleFromWire(wire)).toEqual({
      Rules: [
        {
          Id: "a",
          Status: "Enabled",
          Prefix: "logs/",
          TagFilters: [{ Key: "k", Value: "v" }],
          ObjectSizeGreaterThan: "500",
          ExpirationDate: "2030-01-01T00:00:00Z",
          Transitions: [{ StorageClass: "GLACIER", TransitionInDays: 30 }],
          NoncurrentVersionExpiration: { NoncurrentDays: 7 },
        },
        { Status: "Disabled", ExpirationInDays: 1 },
      ],
    });
  });
});
