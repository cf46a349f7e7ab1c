import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startCloud, type TestCloud } from "../../../testing/cloud.ts";

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startCloud();
});
afterAll(() => cloud.stop());

test("GetCallerIdentity names the account of the access key", async () => {
  const sts = new STSClient(cloud.aws("123456789012"));
  expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
    Account: "123456789012",
    Arn: "arn:aws:iam::123456789012:root",
    UserId: "123456789012",
  });
});

test("AssumeRole is refused by name, since no role exists", async () => {
  const sts = new STSClient(cloud.aws());
  await expect(
    sts.send(new AssumeRoleCommand({ RoleArn: "arn:aws:iam::111111111111:role/x", RoleSessionName: "session" })),
  ).rejects.toMatchObject({ name: "NotImplemented", $metadata: { httpStatusCode: 501 } });
});
