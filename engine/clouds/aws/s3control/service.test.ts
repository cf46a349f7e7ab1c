import {
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeletePublicAccessBlockCommand,
  GetBucketAclCommand,
  GetBucketCorsCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutBucketAclCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { AUTHORIZATION, failure, refusal, s3World } from "../../../testing/s3-world.ts";

const ACCOUNT = "111111111111";
const STRANGER = "222222222222";
const world = s3World();

const PATH = "/v20180820";
const ask = (method: string, path: string, body?: string) =>
  world.raw(method, PATH + path, { "x-amz-account-id": ACCOUNT }, body);
const text = async (answer: Promise<Response>) => (await answer).text();
const member = (xml: string, name: string): string | undefined => new RegExp(`<${name}>([^<]*)`).exec(xml)?.[1];
const xmlOf = (members: Readonly<Record<string, string>>) =>
  Object.entries(members)
    .map(([name, value]) => `<${name}>${value}</${name}>`)
    .join("");
const NAMESPACE = 'xmlns="http://awss3control.amazonaws.com/doc/2018-08-20/"';

const OPEN = {
  BlockPublicAcls: false,
  IgnorePublicAcls: false,
  BlockPublicPolicy: false,
  RestrictPublicBuckets: false,
};
function blockOf(block: Partial<Record<keyof typeof OPEN, boolean>>): string {
  const said = Object.entries({ ...OPEN, ...block }).map(([name, value]) => [name, String(value)] as const);
  return xmlOf(Object.fromEntries(said));
}
const block = (said: Parameters<typeof blockOf>[0]) => {
  const document = `<PublicAccessBlockConfiguration ${NAMESPACE}>${blockOf(said)}</PublicAccessBlockConfiguration>`;
  return ask("PUT", "/configuration/publicAccessBlock", document);
};
const unblock = () => ask("DELETE", "/configuration/publicAccessBlock");

let count = 0;
interface Point {
  readonly name: string;
  readonly alias: string;
  readonly arn: string;
}
async function newPoint(Bucket: string, more = ""): Promise<Point> {
  const name = `point-${(count += 1)}`;
  const document = `<CreateAccessPointRequest ${NAMESPACE}>${xmlOf({ Bucket })}${more}</CreateAccessPointRequest>`;
  const made = await text(ask("PUT", `/accesspoint/${name}`, document));
  return { name, alias: member(made, "Alias") ?? "", arn: member(made, "AccessPointArn") ?? "" };
}
function putPolicy(name: string, policy: object): Promise<Response> {
  const members = xmlOf({ Policy: JSON.stringify(policy) });
  const document = `<PutAccessPointPolicyRequest ${NAMESPACE}>${members}</PutAccessPointPolicyRequest>`;
  return ask("PUT", `/accesspoint/${name}/policy`, document);
}
const openPoint = (Bucket: string) =>
  newPoint(Bucket, `<PublicAccessBlockConfiguration>${blockOf({})}</PublicAccessBlockConfiguration>`);
async function filledBucket(): Promise<string> {
  const Bucket = await world.newBucket();
  await world.put(Bucket, "a", "1");
  return Bucket;
}

describe("an account's public access block", () => {
  test("is told as it was put, and is not there before and after", async () => {
    const absent = ["NoSuchPublicAccessBlockConfiguration", 404];
    expect(await refusal(ask("GET", "/configuration/publicAccessBlock"))).toEqual(absent);
    await block({ BlockPublicAcls: true });
    const told = await text(ask("GET", "/configuration/publicAccessBlock"));
    expect([member(told, "BlockPublicAcls"), member(told, "BlockPublicPolicy")]).toEqual(["true", "false"]);
    await unblock();
    expect(await refusal(ask("GET", "/configuration/publicAccessBlock"))).toEqual(absent);
  });
  test("holds for buckets that block nothing themselves", async () => {
    const Bucket = await world.openBucket();
    await block({ BlockPublicAcls: true, BlockPublicPolicy: true });
    const everybody = { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: `arn:aws:s3:::${Bucket}/*` };
    const Policy = JSON.stringify({ Statement: [everybody] });
    const acl = () => failure(world.s3.send(new PutBucketAclCommand({ Bucket, ACL: "public-read" })));
    const policy = () => failure(world.s3.send(new PutBucketPolicyCommand({ Bucket, Policy })));
    expect([await acl(), await policy()]).toEqual([
      ["AccessDenied", 403],
      ["AccessDenied", 403],
    ]);
    await unblock();
    expect([await acl(), await policy()]).toEqual([undefined, undefined]);
  });
  test("is nobody else's to see", async () => {
    const headers = { "x-amz-account-id": STRANGER };
    expect(await refusal(world.raw("GET", `${PATH}/configuration/publicAccessBlock`, headers))).toEqual([
      "AccessDenied",
      403,
    ]);
  });
});

describe("an access point", () => {
  test("is told as it was made, and everything is blocked where nothing was said", async () => {
    const Bucket = await world.newBucket();
    const { name, alias, arn } = await newPoint(Bucket);
    expect(arn).toBe(`arn:aws:s3:us-east-1:${ACCOUNT}:accesspoint/${name}`);
    expect(alias).toMatch(new RegExp(`^${name}-[a-z0-9]{34}-s3alias$`));
    const told = await text(ask("GET", `/accesspoint/${name}`));
    expect([member(told, "Bucket"), member(told, "NetworkOrigin"), member(told, "BlockPublicPolicy")]).toEqual([
      Bucket,
      "Internet",
      "true",
    ]);
    const listed = await text(ask("GET", `/accesspoint?bucket=${Bucket}`));
    expect(listed.match(/<Name>[^<]*/g)).toEqual([`<Name>${name}`]);
  });
  test("is copied from by its resource name", async () => {
    const Bucket = await filledBucket();
    const { arn } = await newPoint(Bucket);
    const CopySource = `${arn}/object/${encodeURIComponent("a")}`;
    await world.s3.send(new CopyObjectCommand({ Bucket, Key: "copied/by name", CopySource }));
    const again = encodeURIComponent(`${arn}/object/copied/by name`);
    await world.s3.send(new CopyObjectCommand({ Bucket, Key: "again", CopySource: again }));
    expect(await world.text(Bucket, "again")).toBe("1");
  });
  test("is written, read, listed and deleted through by its alias", async () => {
    const Bucket = await filledBucket();
    const { alias } = await newPoint(Bucket);
    await world.put(alias, "b", "2");
    expect([await world.text(Bucket, "b"), await world.text(alias, "a")]).toEqual(["2", "1"]);
    const listed = await world.s3.send(new ListObjectsV2Command({ Bucket: alias }));
    expect(listed.Contents?.map(({ Key }) => Key)).toEqual(["a", "b"]);
    await world.s3.send(new CopyObjectCommand({ Bucket: alias, Key: "c", CopySource: `${alias}/a` }));
    await world.s3.send(new DeleteObjectCommand({ Bucket: alias, Key: "b" }));
    await world.s3.send(new HeadBucketCommand({ Bucket: alias }));
    expect((await world.s3.send(new ListObjectsV2Command({ Bucket }))).Contents?.map(({ Key }) => Key)).toEqual([
      "a",
      "c",
    ]);
  });
  test("is read through by its ARN, and by its name and account in a host", async () => {
    const { name, arn } = await newPoint(await filledBucket());
    expect(await text(world.raw("GET", `/${encodeURIComponent(arn)}/a`))).toBe("1");
    const { body } = await world.visit(`${name}-${ACCOUNT}.s3-accesspoint.us-east-1.amazonaws.com`, "/a", "GET", {
      authorization: AUTHORIZATION,
    });
    expect(body).toBe("1");
  });
  test("tells of uploads in parts where they go: the bucket by its name, the object where it was asked", async () => {
    const Bucket = await filledBucket();
    const { name, alias } = await newPoint(Bucket);
    const { Bucket: begunIn, UploadId } = await world.s3.send(
      new CreateMultipartUploadCommand({ Bucket: alias, Key: "m" }),
    );
    const ref = { Bucket: alias, Key: "m", UploadId };
    const { ETag } = await world.s3.send(new UploadPartCommand({ ...ref, PartNumber: 1, Body: "1" }));
    const { Bucket: listedIn } = await world.s3.send(new ListPartsCommand(ref));
    const { Bucket: uploadsIn } = await world.s3.send(new ListMultipartUploadsCommand({ Bucket: alias }));
    const host = `${name}-${ACCOUNT}.s3-accesspoint.us-east-1.amazonaws.com`;
    const parts = `<Part>${xmlOf({ PartNumber: "1", ETag: ETag ?? "" })}</Part>`;
    const { body } = await world.visit(
      host,
      `/m?uploadId=${UploadId}`,
      "POST",
      { authorization: AUTHORIZATION },
      `<CompleteMultipartUpload>${parts}</CompleteMultipartUpload>`,
    );
    expect([begunIn, listedIn, uploadsIn, member(body, "Bucket")]).toEqual([Bucket, Bucket, Bucket, Bucket]);
    expect(member(body, "Location")).toBe(`http://${host}/m`);
  });
  test("says of itself that it is one, and of its bucket who may do what", async () => {
    const Bucket = await filledBucket();
    const { alias } = await newPoint(Bucket);
    const isAlias = async (name: string) =>
      (await world.s3.send(new HeadBucketCommand({ Bucket: name }))).AccessPointAlias;
    expect([await isAlias(alias), await isAlias(Bucket)]).toEqual([true, false]);
    const Policy = JSON.stringify({ Statement: [] });
    await world.s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
    expect((await world.s3.send(new GetBucketPolicyCommand({ Bucket: alias }))).Policy).toBe(Policy);
    expect((await world.s3.send(new GetBucketAclCommand({ Bucket: alias }))).Grants).toHaveLength(1);
    await world.s3.send(new GetBucketNotificationConfigurationCommand({ Bucket: alias }));
    expect(await failure(world.s3.send(new GetBucketCorsCommand({ Bucket: alias })))).toEqual([
      "NoSuchCORSConfiguration",
      404,
    ]);
  });
  test("has nothing to do with the settings of its bucket", async () => {
    const { alias } = await newPoint(await world.newBucket());
    const command = new PutBucketTaggingCommand({ Bucket: alias, Tagging: { TagSet: [] } });
    expect(await failure(world.s3.send(command))).toEqual(["NoSuchBucket", 404]);
  });
  test("keeps its bucket from being deleted", async () => {
    const Bucket = await world.newBucket();
    const { name, alias } = await newPoint(Bucket);
    const drop = () => failure(world.s3.send(new DeleteBucketCommand({ Bucket })));
    expect(await drop()).toEqual(["BucketHasAccessPointsAttached", 400]);
    await ask("DELETE", `/accesspoint/${name}`);
    expect(await refusal(ask("GET", `/accesspoint/${name}`))).toEqual(["NoSuchAccessPoint", 404]);
    expect(await failure(world.text(alias, "a"))).toEqual(["NoSuchBucket", 404]);
    expect(await drop()).toBeUndefined();
  });
  test("is who decides where its bucket leaves that to the points of an account", async () => {
    const Bucket = await filledBucket();
    const { name, alias, arn } = await newPoint(Bucket);
    const everybody = { Effect: "Allow", Principal: { AWS: "*" }, Action: "*" };
    const trusting = (Condition: object) =>
      world.s3.send(
        new PutBucketPolicyCommand({
          Bucket,
          Policy: JSON.stringify({ Statement: [{ ...everybody, Resource: `arn:aws:s3:::${Bucket}/*`, Condition }] }),
        }),
      );
    const Resource = `${arn}/object/*`;
    await putPolicy(name, {
      Statement: [{ Effect: "Allow", Principal: { AWS: STRANGER }, Action: "s3:GetObject", Resource }],
    });
    const stranger = world.client(STRANGER);
    const read = (from: string) => failure(stranger.send(new GetObjectCommand({ Bucket: from, Key: "a" })));
    const denied = ["AccessDenied", 403];
    await trusting({ StringEquals: { "s3:DataAccessPointAccount": ACCOUNT } });
    expect([await read(alias), await read(Bucket)]).toEqual([undefined, denied]);
    await trusting({ StringEquals: { "s3:DataAccessPointAccount": STRANGER } });
    expect(await read(alias)).toEqual(denied);
    await trusting({ ArnLike: { "s3:DataAccessPointArn": `arn:aws:s3:us-east-1:${ACCOUNT}:accesspoint/*` } });
    expect(await read(alias)).toBeUndefined();
    await trusting({
      StringLike: { "s3:DataAccessPointArn": `${arn}*` },
      StringNotEquals: { "s3:AccessPointNetworkOrigin": "Internet" },
    });
    expect(await read(alias)).toEqual(denied);
  });
  test("lets another account through when its policy and the bucket's both do", async () => {
    const Bucket = await filledBucket();
    await world.s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
    const { name, alias, arn } = await openPoint(Bucket);
    const stranger = world.client(STRANGER);
    const read = () => failure(stranger.send(new GetObjectCommand({ Bucket: alias, Key: "a" })));
    const allow = (Resource: string) => ({
      Statement: [{ Effect: "Allow", Principal: { AWS: STRANGER }, Action: "s3:GetObject", Resource }],
    });
    const put = (policy: object) => putPolicy(name, policy);

    expect(await read()).toEqual(["AccessDenied", 403]);
    const Policy = JSON.stringify(allow(`arn:aws:s3:::${Bucket}/*`));
    await world.s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
    expect(await read()).toEqual(["AccessDenied", 403]);
    expect(await refusal(ask("GET", `/accesspoint/${name}/policy`))).toEqual(["NoSuchAccessPointPolicy", 404]);
    expect(await refusal(put(allow(`arn:aws:s3:::${Bucket}/*`)))).toEqual(["MalformedPolicy", 400]);
    expect((await put(allow(`${arn}/object/*`))).status).toBe(200);
    expect(await read()).toBeUndefined();
    const status = await text(ask("GET", `/accesspoint/${name}/policyStatus`));
    expect(member(status, "IsPublic")).toBe("false");
    await ask("DELETE", `/accesspoint/${name}/policy`);
    expect(await read()).toEqual(["AccessDenied", 403]);
  });
});

describe("tags one by one", () => {
  const tagDocument = (tags: Readonly<Record<string, string>>) =>
    `<TagResourceRequest ${NAMESPACE}><Tags>${Object.entries(tags)
      .map(([Key, Value]) => `<Tag>${xmlOf({ Key, Value })}</Tag>`)
      .join("")}</Tags></TagResourceRequest>`;
  const at = (arn: string) => `/tags/${encodeURIComponent(arn)}`;
  const tagsOf = async (arn: string) => (await text(ask("GET", at(arn)))).match(/<Key>[^<]*<\/Key><Value>[^<]*/g) ?? [];

  test("are set, replaced and removed on a bucket, beside those it has", async () => {
    const Bucket = await world.newBucket();
    const arn = `arn:aws:s3:::${Bucket}`;
    expect(await tagsOf(arn)).toEqual([]);
    const Tagging = { TagSet: [{ Key: "team", Value: "sea" }] };
    await world.s3.send(new PutBucketTaggingCommand({ Bucket, Tagging }));
    expect(await text(ask("POST", at(arn), tagDocument({ stage: "test", team: "sand" })))).toBe("");
    expect((await world.s3.send(new GetBucketTaggingCommand({ Bucket }))).TagSet).toEqual([
      { Key: "stage", Value: "test" },
      { Key: "team", Value: "sand" },
    ]);
    await ask("DELETE", `${at(arn)}?tagKeys=stage&tagKeys=team`);
    expect(await tagsOf(arn)).toEqual([]);
    expect(await failure(world.s3.send(new GetBucketTaggingCommand({ Bucket })))).toEqual(["NoSuchTagSet", 404]);
  });
  test("are an access point's own", async () => {
    const { arn } = await newPoint(await world.newBucket(), "<Tags><Tag><Key>a</Key><Value>1</Value></Tag></Tags>");
    await ask("POST", at(arn), tagDocument({ b: "2" }));
    expect(await tagsOf(arn)).toEqual(["<Key>a</Key><Value>1", "<Key>b</Key><Value>2"]);
  });
  test("of what is not kept here are refused by name", async () => {
    const arn = `arn:aws:s3:us-east-1:${ACCOUNT}:storage-lens/mine`;
    expect(await refusal(ask("GET", at(arn)))).toEqual(["NotImplemented", 501]);
  });
});

test("what nobody has built is refused by name, also what is asked of Outposts", async () => {
  const authorization = AUTHORIZATION.replace("/s3/", "/s3-outposts/");
  const headers = { authorization, "x-amz-outpost-id": "op-01" };
  expect(await refusal(world.raw("PUT", `${PATH}/bucket/a`, headers))).toEqual(["NotImplemented", 501]);
  expect(await refusal(ask("GET", "/jobs"))).toEqual(["NotImplemented", 501]);
});
