import { describe, expect, test } from "vitest";
import { S3Client, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { failure, refusal, s3World } from "../../../testing/s3-world.ts";

const ACCOUNT = "111111111111";
const INSTANCE = `arn:aws:s3:us-east-1:${ACCOUNT}:access-grants/default`;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/granting`;
const ADA = `arn:aws:iam::${ACCOUNT}:user/ada`;
const NAMESPACE = 'xmlns="http://awss3control.amazonaws.com/doc/2018-08-20/"';
const world = s3World();

const ask = (method: string, path: string, body?: string) =>
  world.raw(method, `/v20180820${path}`, { "x-amz-account-id": ACCOUNT }, body);
const text = async (answer: Promise<Response>) => (await answer).text();
const member = (xml: string, name: string): string | undefined => new RegExp(`<${name}>([^<]*)`).exec(xml)?.[1];
const all = (xml: string, name: string): string[] => xml.match(new RegExp(`(?<=<${name}>)[^<]*`, "g")) ?? [];
const xml = (root: string, members: string) => `<${root} ${NAMESPACE}>${members}</${root}>`;

const createInstance = () => ask("POST", "/accessgrantsinstance", xml("CreateAccessGrantsInstanceRequest", ""));
const createLocation = (scope: string, role = ROLE) =>
  ask(
    "POST",
    "/accessgrantsinstance/location",
    xml(
      "CreateAccessGrantsLocationRequest",
      `<LocationScope>${scope}</LocationScope><IAMRoleArn>${role}</IAMRoleArn>`,
    ),
  );
interface Wanted {
  readonly location?: string;
  readonly prefix?: string;
  readonly grantee?: string;
  readonly type?: string;
  readonly permission?: string;
}
function createGrant(wanted: Wanted = {}): Promise<Response> {
  const { location = "default", prefix = "reports/*", grantee = ADA, type = "IAM", permission = "READ" } = wanted;
  const members = `<AccessGrantsLocationId>${location}</AccessGrantsLocationId>
    <AccessGrantsLocationConfiguration><S3SubPrefix>${prefix}</S3SubPrefix></AccessGrantsLocationConfiguration>
    <Grantee><GranteeType>${type}</GranteeType><GranteeIdentifier>${grantee}</GranteeIdentifier></Grantee>
    <Permission>${permission}</Permission>`;
  return ask("POST", "/accessgrantsinstance/grant", xml("CreateAccessGrantRequest", members));
}
const dataAccess = (query: string) => ask("GET", `/accessgrantsinstance/dataaccess?${query}`);

describe("access grants", () => {
  test("begin with an instance, of which there is one", async () => {
    const absent = ["AccessGrantsInstanceNotExistsError", 404];
    expect(await refusal(ask("GET", "/accessgrantsinstance"))).toEqual(absent);
    expect(await refusal(createLocation("s3://"))).toEqual(absent);
    expect(all(await text(ask("GET", "/accessgrantsinstances")), "AccessGrantsInstanceId")).toEqual([]);
    const made = await text(createInstance());
    expect([member(made, "AccessGrantsInstanceArn"), member(made, "CreatedAt")]).toEqual([
      INSTANCE,
      "2030-01-15T10:00:00.000Z",
    ]);
    expect(await refusal(createInstance())).toEqual(["AccessGrantsInstanceAlreadyExists", 409]);
    expect(all(await text(ask("GET", "/accessgrantsinstances")), "AccessGrantsInstanceId")).toEqual(["default"]);
    const identityCenter = "<IdentityCenterArn>arn:aws:sso:::instance/ssoins-1234567890123456</IdentityCenterArn>";
    const withDirectory = xml("CreateAccessGrantsInstanceRequest", identityCenter);
    expect(await refusal(ask("POST", "/accessgrantsinstance", withDirectory))).toEqual(["NotImplemented", 501]);
  });
  test("lie in locations, each with a role", async () => {
    expect(member(await text(createLocation("s3://")), "AccessGrantsLocationId")).toBe("default");
    expect(await refusal(createLocation("s3://"))).toEqual(["AccessGrantsLocationAlreadyExistsError", 409]);
    expect(await refusal(createLocation("s3://sea", ADA))).toEqual(["InvalidIamRole", 400]);
    expect(await refusal(createLocation("sea"))).toEqual(["InvalidRequest", 400]);
    const made = await text(createLocation("s3://sea/shells*"));
    const id = member(made, "AccessGrantsLocationId") ?? "";
    expect(member(made, "AccessGrantsLocationArn")).toBe(`${INSTANCE}/location/${id}`);
    const lending = `<IAMRoleArn>${ROLE}/lending</IAMRoleArn>`;
    const path = `/accessgrantsinstance/location/${id}`;
    const changed = await text(ask("PUT", path, xml("UpdateAccessGrantsLocationRequest", lending)));
    expect([member(changed, "LocationScope"), member(changed, "IAMRoleArn")]).toEqual([
      "s3://sea/shells*",
      `${ROLE}/lending`,
    ]);
    const listed = await text(ask("GET", "/accessgrantsinstance/locations?locationscope=s3%3A%2F%2F"));
    expect(all(listed, "AccessGrantsLocationId")).toEqual(["default"]);
    expect((await ask("DELETE", path)).status).toBe(200);
    expect(await refusal(ask("GET", path))).toEqual(["NoSuchAccessGrantsLocationError", 404]);
  });
  test("give users and roles parts of a location", async () => {
    const made = await text(createGrant());
    const id = member(made, "AccessGrantId") ?? "";
    expect([member(made, "AccessGrantArn"), member(made, "GrantScope")]).toEqual([
      `${INSTANCE}/grant/${id}`,
      "s3://reports/*",
    ]);
    expect(await text(ask("GET", `/accessgrantsinstance/grant/${id}`))).toContain(ADA);
    expect(await refusal(createGrant())).toEqual(["AccessGrantAlreadyExists", 409]);
    expect(await refusal(createGrant({ prefix: "*" }))).toEqual(["InvalidAccessGrant", 400]);
    expect(await refusal(createGrant({ location: "none" }))).toEqual(["NoSuchAccessGrantsLocationError", 404]);
    expect(await refusal(createGrant({ type: "DIRECTORY_USER" }))).toEqual(["InvalidIdentityCenterInstance", 400]);
    expect(await refusal(createGrant({ grantee: "ada" }))).toEqual(["InvalidAccessGrant", 400]);
    const ids = async (query: string) =>
      all(await text(ask("GET", `/accessgrantsinstance/grants?${query}`)), "AccessGrantId");
    expect(await ids("permission=READ&granteetype=IAM")).toEqual([id]);
    expect(await ids("permission=WRITE")).toEqual([]);
    expect(await ids("granteetype=DIRECTORY_USER")).toEqual([]);
    const callers = await text(ask("GET", "/accessgrantsinstance/caller/grants"));
    expect(all(callers, "GrantScope")).toEqual(["s3://reports/*"]);
    expect(await refusal(ask("DELETE", "/accessgrantsinstance/location/default"))).toEqual([
      "AccessGrantsLocationNotEmptyError",
      400,
    ]);
  });
  test("are listed a page at a time", async () => {
    await createGrant({ permission: "WRITE" });
    const first = await text(ask("GET", "/accessgrantsinstance/grants?maxResults=1"));
    const next = member(first, "NextToken") ?? "";
    const second = await text(ask("GET", `/accessgrantsinstance/grants?maxResults=1&nextToken=${next}`));
    expect(new Set([member(first, "Permission"), member(second, "Permission")])).toEqual(new Set(["READ", "WRITE"]));
    expect(member(second, "NextToken")).toBeUndefined();
    expect(await refusal(ask("GET", "/accessgrantsinstance/grants?nextToken=!"))).toEqual(["InvalidRequest", 400]);
  });
  test("hand out keys that a client can work with", async () => {
    const answer = await text(dataAccess("target=s3%3A%2F%2Freports%2F1&permission=READ&durationSeconds=900"));
    expect([member(answer, "MatchedGrantTarget"), member(answer, "Expiration")]).toEqual([
      "s3://reports/*",
      "2030-01-15T10:15:00.000Z",
    ]);
    const { endpoint, region } = world.cloud.aws(ACCOUNT);
    const credentials = {
      accessKeyId: member(answer, "AccessKeyId") ?? "",
      secretAccessKey: member(answer, "SecretAccessKey") ?? "",
      sessionToken: member(answer, "SessionToken") ?? "",
    };
    const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
    const Bucket = await world.newBucket();
    expect(await failure(client.send(new ListObjectsV2Command({ Bucket })))).toBeUndefined();
    client.destroy();
    expect(await refusal(dataAccess("target=s3%3A%2F%2Fdrafts%2F1&permission=READ"))).toEqual(["AccessDenied", 403]);
    const tooShort = dataAccess("target=s3%3A%2F%2Freports%2F1&permission=READ&durationSeconds=1");
    expect((await refusal(tooShort))?.[1]).toBe(400);
  });
  test("have a policy for other accounts, which is kept", async () => {
    const path = "/accessgrantsinstance/resourcepolicy";
    const policy = (content: string) =>
      ask("PUT", path, xml("PutAccessGrantsInstanceResourcePolicyRequest", `<Policy>${content}</Policy>`));
    const absent = ["AccessGrantsInstanceResourcePolicyNotExists", 404];
    expect(await refusal(ask("GET", path))).toEqual(absent);
    expect(await refusal(policy("{"))).toEqual(["InvalidResourcePolicy", 400]);
    await policy('{"Statement":[]}');
    expect(member(await text(ask("GET", path)), "Policy")).toBe("{&quot;Statement&quot;:[]}");
    expect((await ask("DELETE", path)).status).toBe(200);
    expect(await refusal(ask("GET", path))).toEqual(absent);
  });
  test("are tagged one by one, as their instance and their locations are", async () => {
    const granted = await text(ask("GET", "/accessgrantsinstance/grants"));
    for (const arn of [INSTANCE, `${INSTANCE}/location/default`, member(granted, "AccessGrantArn") ?? ""]) {
      const path = `/tags/${encodeURIComponent(arn)}`;
      await ask("POST", path, xml("TagResourceRequest", "<Tags><Tag><Key>a</Key><Value>1</Value></Tag></Tags>"));
      expect(all(await text(ask("GET", path)), "Key")).toEqual(["a"]);
      await ask("DELETE", `${path}?tagKeys=a`);
      expect(all(await text(ask("GET", path)), "Key")).toEqual([]);
    }
    const strange = `/tags/${encodeURIComponent(`${INSTANCE}/grant/none`)}`;
    expect(await refusal(ask("GET", strange))).toEqual(["NoSuchAccessGrantError", 404]);
  });
});
