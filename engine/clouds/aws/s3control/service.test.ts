import {
  CreateBucketCommand,
  DeleteBucketCommand,
  GetObjectCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { readXml, type XmlElement } from "../../../protocols/aws/xml/xml-reader.ts";
import { failure, s3World } from "../../../testing/s3-world.ts";

const world = s3World();
const NAMESPACE = 'xmlns="http://awss3control.amazonaws.com/doc/2018-08-20/"';
const POLICY = (Principal: string, Resource: string) =>
  JSON.stringify({ Statement: [{ Effect: "Allow", Principal, Action: "s3:GetObject", Resource }] });

/** Asks S3 Control as its clients do: the account in a header, documents in XML. */
async function ask(method: string, path: string, body?: string, account = "111111111111") {
  const response = await world.raw(method, `/v20180820/${path}`, { "x-amz-account-id": account }, body);
  const text = await response.text();
  return { status: response.status, answer: text === "" ? undefined : readXml(text) };
}

function textAt(element: XmlElement | undefined, ...path: readonly string[]): string | undefined {
  const found = path.reduce<XmlElement | undefined>((at, name) => at?.children.find((child) => child.name === name), element);
  return found?.text;
}

const code = ({ status, answer }: Awaited<ReturnType<typeof ask>>) => [textAt(answer, "Error", "Code"), status];

describe("the public access block of an account", () => {
  const path = "configuration/publicAccessBlock";
  const blocking = (policies: boolean) =>
    `<PublicAccessBlockConfiguration ${NAMESPACE}><BlockPublicPolicy>${policies}</BlockPublicPolicy>` +
    "</PublicAccessBlockConfiguration>";

  test("is absent until it is put, and after it was deleted", async () => {
    expect(code(await ask("GET", path))).toEqual(["NoSuchPublicAccessBlockConfiguration", 404]);
    expect((await ask("PUT", path, blocking(true))).status).toBe(200);
    const { answer } = await ask("GET", path);
    expect(["BlockPublicAcls", "BlockPublicPolicy"].map((name) => textAt(answer, name))).toEqual(["false", "true"]);
    expect((await ask("DELETE", path)).status).toBe(200);
    expect(code(await ask("GET", path))).toEqual(["NoSuchPublicAccessBlockConfiguration", 404]);
  });

  test("holds in every bucket of the account, whatever the bucket says", async () => {
    const Bucket = await world.openBucket();
    const Policy = POLICY("*", `arn:aws:s3:::${Bucket}/*`);
    await ask("PUT", path, blocking(true));
    expect(await failure(world.s3.send(new PutBucketPolicyCommand({ Bucket, Policy })))).toEqual(["AccessDenied", 403]);
    await ask("DELETE", path);
    await world.s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
  });

  test("of another account is out of reach", async () => {
    expect(code(await ask("GET", path, undefined, "222222222222"))).toEqual(["AccessDenied", 403]);
  });
});

describe("an access point", () => {
  const create = (name: string, bucket: string) =>
    ask("PUT", `accesspoint/${name}`, `<CreateAccessPointRequest ${NAMESPACE}><Bucket>${bucket}</Bucket></CreateAccessPointRequest>`);

  test("has an alias that stands for its bucket", async () => {
    const Bucket = await world.newBucket();
    const { answer } = await create("readers", Bucket);
    expect(textAt(answer, "AccessPointArn")).toBe("arn:aws:s3:us-east-1:111111111111:accesspoint/readers");
    const Alias = textAt(answer, "Alias");
    expect(Alias).toMatch(/^readers-[a-z0-9]{34}-s3alias$/);
    await world.s3.send(new PutObjectCommand({ Bucket: Alias, Key: "a", Body: "one" }));
    const { Body } = await world.s3.send(new GetObjectCommand({ Bucket, Key: "a" }));
    expect(await Body?.transformToString()).toBe("one");
    expect((await ask("DELETE", "accesspoint/readers")).status).toBe(200);
    expect(await failure(world.s3.send(new GetObjectCommand({ Bucket: Alias, Key: "a" })))).toEqual(["NoSuchBucket", 404]);
    expect(code(await ask("GET", "accesspoint/readers"))).toEqual(["NoSuchAccessPoint", 404]);
  });

  test("blocks everything public unless it says otherwise", async () => {
    await create("shy", await world.newBucket());
    const { answer } = await ask("GET", "accesspoint/shy");
    const block = ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"];
    expect(block.map((name) => textAt(answer, "PublicAccessBlockConfiguration", name))).toEqual(Array(4).fill("true"));
    expect(textAt(answer, "NetworkOrigin")).toBe("Internet");
    const policy = POLICY("*", "arn:aws:s3:us-east-1:111111111111:accesspoint/shy/object/*").replaceAll('"', "&quot;");
    const body = `<PutAccessPointPolicyRequest ${NAMESPACE}><Policy>${policy}</Policy></PutAccessPointPolicyRequest>`;
    expect(code(await ask("PUT", "accesspoint/shy/policy", body))).toEqual(["AccessDenied", 403]);
  });

  test("keeps its policy until that is deleted", async () => {
    await create("kept", await world.newBucket());
    expect(code(await ask("GET", "accesspoint/kept/policy"))).toEqual(["NoSuchAccessPointPolicy", 404]);
    const policy = POLICY("111111111111", "arn:aws:s3:us-east-1:111111111111:accesspoint/kept/object/*");
    const escaped = policy.replaceAll('"', "&quot;");
    const body = `<PutAccessPointPolicyRequest ${NAMESPACE}><Policy>${escaped}</Policy></PutAccessPointPolicyRequest>`;
    expect((await ask("PUT", "accesspoint/kept/policy", body)).status).toBe(200);
    expect(textAt((await ask("GET", "accesspoint/kept/policy")).answer, "Policy")).toBe(policy);
    const status = await ask("GET", "accesspoint/kept/policyStatus");
    expect(textAt(status.answer, "PolicyStatus", "IsPublic")).toBe("false");
    await ask("DELETE", "accesspoint/kept/policy");
    expect(code(await ask("GET", "accesspoint/kept/policy"))).toEqual(["NoSuchAccessPointPolicy", 404]);
  });

  test("needs a bucket of the account and a name of its own, and holds its bucket", async () => {
    expect(code(await create("lost", "no-such-bucket"))).toEqual(["NoSuchBucket", 404]);
    expect(code(await create("Loud", await world.newBucket()))).toEqual(["InvalidRequest", 400]);
    const Bucket = "held-by-a-point";
    await world.s3.send(new CreateBucketCommand({ Bucket }));
    await create("holder", Bucket);
    expect(code(await create("holder", Bucket))).toEqual(["AccessPointAlreadyOwnedByYou", 409]);
    const refused = await failure(world.s3.send(new DeleteBucketCommand({ Bucket })));
    expect(refused).toEqual(["BucketHasAccessPointsAttached", 409]);
    await ask("DELETE", "accesspoint/holder");
    await world.s3.send(new DeleteBucketCommand({ Bucket }));
  });

  test("is listed by name, a page at a time, of one bucket or of all", async () => {
    const Bucket = await world.newBucket();
    for (const name of ["list-c", "list-a", "list-b"]) await create(name, Bucket);
    const page = async (query: string) => {
      const { answer } = await ask("GET", `accesspoint?bucket=${Bucket}&${query}`);
      const list = answer?.children.find(({ name }) => name === "AccessPointList")?.children ?? [];
      return { names: list.map((point) => textAt(point, "Name")), next: textAt(answer, "NextToken") };
    };
    const first = await page("maxResults=2");
    expect(first.names).toEqual(["list-a", "list-b"]);
    expect(await page(`nextToken=${first.next}`)).toEqual({ names: ["list-c"], next: undefined });
  });
});
