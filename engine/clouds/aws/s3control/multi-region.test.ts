import { PutBucketPolicyCommand, DeletePublicAccessBlockCommand, DeleteBucketCommand } from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { AUTHORIZATION, refusal, s3World } from "../../../testing/s3-world.ts";

const ACCOUNT = "111111111111";
const STRANGER = "222222222222";
const NAMESPACE = 'xmlns="http://awss3control.amazonaws.com/doc/2018-08-20/"';
const world = s3World();

const ask = (method: string, path: string, body?: string) =>
  world.raw(method, `/v20180820${path}`, { "x-amz-account-id": ACCOUNT }, body);
const text = async (answer: Promise<Response>) => (await answer).text();
const member = (xml: string, name: string): string | undefined => new RegExp(`<${name}>([^<]*)`).exec(xml)?.[1];
const all = (xml: string, name: string): string[] => xml.match(new RegExp(`(?<=<${name}>)[^<]*`, "g")) ?? [];
const change = (verb: string, details: string, token: string) => {
  const root = { create: "Create", delete: "Delete", "put-policy": "Put" }[verb] ?? verb;
  const name = `${root}MultiRegionAccessPoint${verb === "put-policy" ? "Policy" : ""}Request`;
  const body = `<${name} ${NAMESPACE}><ClientToken>${token}</ClientToken><Details>${details}</Details></${name}>`;
  return ask("POST", `/async-requests/mrap/${verb}`, body);
};

let count = 0;
interface Wanted {
  readonly buckets: readonly string[];
  readonly more?: string;
  readonly token?: string;
}
function create(name: string, { buckets, more = "", token = `token-${(count += 1)}` }: Wanted): Promise<Response> {
  const regions = buckets.map((bucket) => `<Region><Bucket>${bucket}</Bucket></Region>`).join("");
  return change("create", `<Name>${name}</Name>${more}<Regions>${regions}</Regions>`, token);
}
const aliasOf = async (name: string): Promise<string> =>
  member(await text(ask("GET", `/mrap/instances/${name}`)), "Alias") ?? "";
const newPoint = async (...buckets: string[]) => {
  const name = `everywhere-${(count += 1)}`;
  await create(name, { buckets });
  return { name, alias: await aliasOf(name) };
};
async function bucketIn(region: string, content: string): Promise<string> {
  const Bucket = await world.newBucket({ CreateBucketConfiguration: { LocationConstraint: region } });
  await world.put(Bucket, "where", content);
  return Bucket;
}
const read = (name: string, account = ACCOUNT, region = "us-east-1") =>
  world.raw("GET", `/${encodeURIComponent(name)}/where`, {
    authorization: AUTHORIZATION.replace(ACCOUNT, account).replace("us-east-1", region),
  });

describe("a Multi-Region Access Point", () => {
  test("is made by a request that can be asked about", async () => {
    const home = await world.newBucket();
    const token = member(await text(create("asked-about", { buckets: [home] })), "RequestTokenARN") ?? "";
    expect(token).toMatch(new RegExp(`^arn:aws:s3:us-west-2:${ACCOUNT}:async-request/mrap/create/[0-9a-f]{32}$`));
    const told = await text(ask("GET", `/async-requests/mrap/${encodeURIComponent(token)}`));
    expect(["Operation", "RequestStatus", "Bucket"].map((name) => member(told, name))).toEqual([
      "CreateMultiRegionAccessPoint",
      "SUCCEEDED",
      home,
    ]);
    const absent = encodeURIComponent(token.slice(0, -1));
    expect(await refusal(ask("GET", `/async-requests/mrap/${absent}`))).toEqual(["NoSuchAsyncRequest", 404]);
    expect(await refusal(ask("GET", "/async-requests/mrap/none"))).toEqual(["InvalidRequest", 400]);
  });
  test("is made once for one token, and once for one name", async () => {
    const home = await world.newBucket();
    const once = await text(create("once", { buckets: [home], token: "same" }));
    const again = await text(create("once", { buckets: [home], token: "same" }));
    expect(member(again, "RequestTokenARN")).toBe(member(once, "RequestTokenARN"));
    expect(await refusal(create("once", { buckets: [home] }))).toEqual([
      "MultiRegionAccessPointAlreadyOwnedByYou",
      409,
    ]);
  });
  test("is told as it was made", async () => {
    const [home, away] = [await world.newBucket(), await bucketIn("eu-west-1", "")];
    const { name, alias } = await newPoint(home, away);
    const told = await text(ask("GET", `/mrap/instances/${name}`));
    expect(alias).toMatch(/^[a-z0-9]{13}\.mrap$/);
    expect(["Status", "BlockPublicPolicy", "CreatedAt"].map((each) => member(told, each))).toEqual([
      "READY",
      "true",
      "2030-01-15T10:00:00.000Z",
    ]);
    expect(told.match(/<Bucket>[^<]*<\/Bucket><Region>[^<]*/g)).toEqual([
      `<Bucket>${home}</Bucket><Region>us-east-1`,
      `<Bucket>${away}</Bucket><Region>eu-west-1`,
    ]);
  });
  test("needs a name, buckets that exist, and one for each region", async () => {
    const home = await world.newBucket();
    expect(await refusal(create("Everywhere", { buckets: [home] }))).toEqual(["InvalidRequest", 400]);
    expect(await refusal(create("nowhere", { buckets: ["not-there"] }))).toEqual(["NoSuchBucket", 404]);
    const twice = [home, await world.newBucket()];
    expect(await refusal(create("twice", { buckets: twice }))).toEqual(["InvalidRequest", 400]);
  });
  test("is listed by name, a page at a time", async () => {
    const names = all(await text(ask("GET", "/mrap/instances")), "Name");
    expect(names).toEqual([...names].sort());
    const first = await text(ask("GET", "/mrap/instances?maxResults=1"));
    const rest = await text(ask("GET", `/mrap/instances?nextToken=${member(first, "NextToken")}`));
    expect([...all(first, "Name"), ...all(rest, "Name")]).toEqual(names);
  });
  test("leads to the bucket of the caller's region, else to the first", async () => {
    const { alias } = await newPoint(await bucketIn("eu-west-1", "west"), await bucketIn("eu-north-1", "north"));
    const arn = `arn:aws:s3::${ACCOUNT}:accesspoint/${alias}`;
    expect(await text(read(arn, ACCOUNT, "eu-north-1"))).toBe("north");
    expect(await text(read(arn))).toBe("west");
    expect(await text(read(alias))).toBe("west");
    expect(await refusal(read(`arn:aws:s3::${STRANGER}:accesspoint/${alias}`))).toEqual(["NoSuchBucket", 404]);
    const { body } = await world.visit(`${alias}.accesspoint.s3-global.amazonaws.com`, "/where", "GET", {
      authorization: AUTHORIZATION,
    });
    expect(body).toBe("west");
  });
  test("leads only to regions that are switched on, of which there is always one", async () => {
    const { alias } = await newPoint(await bucketIn("eu-west-1", "west"), await bucketIn("eu-north-1", "north"));
    const path = `/mrap/instances/${encodeURIComponent(`arn:aws:s3::${ACCOUNT}:accesspoint/${alias}`)}/routes`;
    const dial = (region: string, percentage: number) => {
      const route = `<Region>${region}</Region><TrafficDialPercentage>${percentage}</TrafficDialPercentage>`;
      const root = "SubmitMultiRegionAccessPointRoutesRequest";
      const body = `<${root} ${NAMESPACE}><RouteUpdates><Route>${route}</Route></RouteUpdates></${root}>`;
      return ask("PATCH", path, body);
    };
    expect((await dial("eu-west-1", 0)).status).toBe(200);
    expect(all(await text(ask("GET", path)), "TrafficDialPercentage")).toEqual(["0", "100"]);
    expect(await text(read(alias, ACCOUNT, "eu-west-1"))).toBe("north");
    expect(await refusal(dial("eu-north-1", 0))).toEqual(["InvalidRequest", 400]);
    expect(await refusal(dial("us-east-1", 100))).toEqual(["InvalidRequest", 400]);
  });
  test("lets another account through when its policy and the bucket's both do", async () => {
    const Bucket = await world.newBucket();
    await world.put(Bucket, "where", "home");
    await world.s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
    const { name, alias } = await newPoint(Bucket);
    const allow = (Resource: string) =>
      JSON.stringify({
        Statement: [{ Effect: "Allow", Principal: { AWS: STRANGER }, Action: "s3:GetObject", Resource }],
      });
    await world.s3.send(new PutBucketPolicyCommand({ Bucket, Policy: allow(`arn:aws:s3:::${Bucket}/*`) }));
    expect(await refusal(read(alias, STRANGER))).toEqual(["AccessDenied", 403]);
    expect(member(await text(ask("GET", `/mrap/instances/${name}/policy`)), "Policy")).toBeUndefined();

    const put = (policy: string) =>
      change("put-policy", `<Name>${name}</Name><Policy>${policy}</Policy>`, `token-${(count += 1)}`);
    expect(await refusal(put("{"))).toEqual(["MalformedPolicy", 400]);
    expect((await put(allow(`arn:aws:s3::${ACCOUNT}:accesspoint/${alias}/object/*`))).status).toBe(200);
    expect(await text(read(alias, STRANGER))).toBe("home");
    const told = await text(ask("GET", `/mrap/instances/${name}/policy`));
    expect(told).toContain("<Established>");
    expect(member(await text(ask("GET", `/mrap/instances/${name}/policystatus`)), "IsPublic")).toBe("false");
    const everybody = allow(`arn:aws:s3::${ACCOUNT}:accesspoint/${alias}/object/*`).replace(`"${STRANGER}"`, '"*"');
    expect(await refusal(put(everybody))).toEqual(["AccessDenied", 403]);
  });
  test("leads nowhere once it is deleted, nor when its bucket is", async () => {
    const Bucket = await world.newBucket();
    const [gone, empty] = [await newPoint(Bucket), await newPoint(Bucket)];
    expect((await change("delete", `<Name>${gone.name}</Name>`, "once")).status).toBe(200);
    expect(await refusal(ask("GET", `/mrap/instances/${gone.name}`))).toEqual(["NoSuchMultiRegionAccessPoint", 404]);
    expect(await refusal(read(gone.alias))).toEqual(["NoSuchBucket", 404]);
    expect(await refusal(change("delete", `<Name>${gone.name}</Name>`, "twice"))).toEqual([
      "NoSuchMultiRegionAccessPoint",
      404,
    ]);
    await world.s3.send(new DeleteBucketCommand({ Bucket }));
    expect(await refusal(read(empty.alias))).toEqual(["NoSuchBucket", 404]);
  });
});

describe("a storage lens configuration", () => {
  const put = (id: string, isEnabled = true, tags = "") => {
    const lens = `<Id>${id}</Id><AccountLevel><BucketLevel/></AccountLevel><IsEnabled>${isEnabled}</IsEnabled>`;
    const members = `<StorageLensConfiguration>${lens}</StorageLensConfiguration>${tags}`;
    const root = "PutStorageLensConfigurationRequest";
    return ask("PUT", `/storagelens/${id}`, `<${root} ${NAMESPACE}>${members}</${root}>`);
  };
  const tag = (key: string) => `<Tags><Tag><Key>${key}</Key><Value>1</Value></Tag></Tags>`;
  const keysOf = async (id: string) => all(await text(ask("GET", `/storagelens/${id}/tagging`)), "Key");
  const absent = ["NoSuchConfiguration", 404];

  test("is kept, replaced, listed and forgotten", async () => {
    expect(await refusal(ask("GET", "/storagelens/mine"))).toEqual(absent);
    await put("mine");
    expect((await put("mine", false)).status).toBe(200);
    await put("yours");
    const told = await text(ask("GET", "/storagelens/mine"));
    expect([member(told, "IsEnabled"), member(told, "StorageLensArn")]).toEqual([
      "false",
      `arn:aws:s3:us-east-1:${ACCOUNT}:storage-lens/mine`,
    ]);
    expect(all(await text(ask("GET", "/storagelens")), "Id")).toEqual(["mine", "yours"]);
    await ask("DELETE", "/storagelens/mine");
    expect(await refusal(ask("DELETE", "/storagelens/mine"))).toEqual(absent);
    expect(await refusal(put("not%20a%20name"))).toEqual(["InvalidRequest", 400]);
  });
  test("keeps its tags when it is replaced without any", async () => {
    await put("tagged", true, tag("a"));
    await put("tagged");
    expect(await keysOf("tagged")).toEqual(["a"]);
    const root = "PutStorageLensConfigurationTaggingRequest";
    await ask("PUT", "/storagelens/tagged/tagging", `<${root} ${NAMESPACE}>${tag("b")}</${root}>`);
    expect(await keysOf("tagged")).toEqual(["b"]);
    await ask("DELETE", "/storagelens/tagged/tagging");
    expect(await keysOf("tagged")).toEqual([]);
    expect(await refusal(ask("GET", "/storagelens/none/tagging"))).toEqual(absent);
  });
});
