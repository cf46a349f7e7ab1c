import { afterAll, beforeAll, expect, test } from "vitest";
import { startCloud, type TestCloud } from "../../../testing/cloud.ts";

let cloud: TestCloud;
beforeAll(async () => void (cloud = await startCloud()));
afterAll(() => cloud.stop());

interface Answer {
  readonly KeyMetadata: { readonly KeyId: string; readonly Arn: string };
  readonly Keys: readonly { readonly KeyId: string; readonly KeyArn: string }[];
  readonly Aliases: readonly { readonly AliasName: string; readonly TargetKeyId: string }[];
  readonly __type: string;
  readonly message: string;
}
async function ask(operation: string, input: object): Promise<Answer & { readonly status: number }> {
  const answer = await fetch(cloud.endpoint, {
    method: "POST",
    headers: {
      authorization:
        "AWS4-HMAC-SHA256 Credential=111111111111/20300115/us-east-1/kms/aws4_request, SignedHeaders=host, Signature=0",
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": `TrentService.${operation}`,
    },
    body: JSON.stringify(input),
  });
  return { status: answer.status, ...((await answer.json()) as Answer) };
}
const ARN = "arn:aws:kms:us-east-1:111111111111";

test("the key that AWS keeps for a service is told by its alias, its id and the ARN of either", async () => {
  const { KeyMetadata: key } = await ask("DescribeKey", { KeyId: "alias/aws/dynamodb" });
  expect(key).toMatchObject({ AWSAccountId: "111111111111", KeyManager: "AWS", KeyState: "Enabled" });
  const { KeyId, Arn } = key;
  expect(Arn).toBe(`${ARN}:key/${KeyId}`);
  for (const said of [KeyId, Arn, `${ARN}:alias/aws/dynamodb`]) {
    expect((await ask("DescribeKey", { KeyId: said })).KeyMetadata).toEqual(key);
  }
});

test("keys that AWS keeps are listed, with their aliases", async () => {
  const { Keys } = await ask("ListKeys", {});
  const aliases = async (input = {}) => (await ask("ListAliases", input)).Aliases;
  expect((await aliases()).map(({ AliasName }) => AliasName)).toEqual([
    "alias/aws/s3",
    "alias/aws/sqs",
    "alias/aws/dynamodb",
    "alias/aws/sns",
  ]);
  expect((await aliases()).map(({ TargetKeyId }) => TargetKeyId)).toEqual(Keys.map(({ KeyId }) => KeyId));
  expect(await aliases({ KeyId: Keys[2]?.KeyArn })).toMatchObject([{ AliasName: "alias/aws/dynamodb" }]);
});

test("no other key is there, and none can be made", async () => {
  const failure = async (operation: string, input: object) => {
    const { status, __type, message } = await ask(operation, input);
    return [status, __type, message];
  };
  expect(await failure("DescribeKey", { KeyId: "alias/mine" })).toEqual([
    400,
    "NotFoundException",
    `Alias ${ARN}:alias/mine is not found.`,
  ]);
  expect(await failure("DescribeKey", { KeyId: "none" })).toEqual([
    400,
    "NotFoundException",
    `Key '${ARN}:key/none' does not exist`,
  ]);
  expect(await failure("ListKeys", { Marker: "next" })).toEqual([
    400,
    "InvalidMarkerException",
    "The marker is not valid.",
  ]);
  expect((await failure("CreateKey", {}))[0]).toBe(501);
});
