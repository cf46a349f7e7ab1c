import { GetUserCommand, IAMClient, ListAccountAliasesCommand, ListRolesCommand } from "@aws-sdk/client-iam";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startCloud, type TestCloud } from "../../../testing/cloud.ts";

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startCloud();
});
afterAll(() => cloud.stop());

test("IAM answers what the Terraform provider asks at start", async () => {
  const iam = new IAMClient(cloud.aws());
  expect((await iam.send(new GetUserCommand({}))).User).toMatchObject({
    UserId: "111111111111",
    Arn: "arn:aws:iam::111111111111:root",
  });
  expect((await iam.send(new ListRolesCommand({ MaxItems: 1 }))).Roles).toEqual([]);
  expect((await iam.send(new ListAccountAliasesCommand({}))).AccountAliases).toEqual([]);
  await expect(iam.send(new GetUserCommand({ UserName: "absent" }))).rejects.toMatchObject({
    name: "NoSuchEntityException",
  });
});
