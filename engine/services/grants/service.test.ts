import { beforeEach, describe, expect, test } from "vitest";
import { serviceUnderTest } from "../../testing/service-calls.ts";
import { grants } from "./service.ts";

const ADA = { id: "arn:aws:iam::111111111111:user/ada", account: "111111111111" };
const STRANGER = { id: "arn:aws:iam::222222222222:user/bob", account: "222222222222" };
const fails = (code: string) => expect.objectContaining({ code });

let { call, clock } = serviceUnderTest(grants);
beforeEach(() => void ({ call, clock } = serviceUnderTest(grants)));

const begin = async () => {
  await call("createInstance", {});
  return call("createLocation", { path: "", role: "granting" });
};
type Wanted = Partial<Parameters<typeof call<"createGrant">>[1]>;
const grant = (wanted: Wanted = {}) =>
  call("createGrant", { location: "default", subPath: "reports/*", grantee: ADA, permission: "read", ...wanted });

describe("an instance of grants", () => {
  test("is the only one of its account and region", async () => {
    await expect(call("getInstance", {})).rejects.toEqual(fails("GrantsInstanceNotFound"));
    const made = await call("createInstance", { labels: { team: "sea" } });
    expect(made).toEqual({ version: 1, createdAtMs: clock.nowMs(), labels: { team: "sea" } });
    await expect(call("createInstance", {})).rejects.toEqual(fails("GrantsInstanceExists"));
    expect(await call("getInstance", {})).toEqual(made);
    await expect(call("getInstance", {}, { region: "eu-west-1" })).rejects.toEqual(fails("GrantsInstanceNotFound"));
  });
  test("holds a policy that can be replaced and removed", async () => {
    await begin();
    await expect(call("getInstancePolicy", {})).rejects.toEqual(fails("GrantsPolicyNotFound"));
    await expect(call("putInstancePolicy", { text: "{" })).rejects.toEqual(fails("GrantsPolicyInvalid"));
    await expect(call("putInstancePolicy", { text: "{}" })).rejects.toEqual(fails("GrantsPolicyInvalid"));
    const text = '{"Statement":[]}';
    await call("putInstancePolicy", { text, organization: "o-1" });
    expect(await call("getInstancePolicy", {})).toEqual({ text, organization: "o-1", createdAtMs: clock.nowMs() });
    await call("deleteInstancePolicy", {});
    await expect(call("getInstancePolicy", {})).rejects.toEqual(fails("GrantsPolicyNotFound"));
  });
  test("goes after its locations, and they after their grants", async () => {
    await begin();
    const { id } = await grant();
    await expect(call("deleteInstance", {})).rejects.toEqual(fails("GrantsInstanceNotEmpty"));
    await expect(call("deleteLocation", { id: "default" })).rejects.toEqual(fails("GrantsLocationNotEmpty"));
    await call("deleteGrant", { id });
    await expect(call("deleteGrant", { id })).rejects.toEqual(fails("GrantNotFound"));
    await call("deleteLocation", { id: "default" });
    await expect(call("getLocation", { id: "default" })).rejects.toEqual(fails("GrantsLocationNotFound"));
    await call("deleteInstance", {});
    await expect(call("deleteInstance", {})).rejects.toEqual(fails("GrantsInstanceNotFound"));
  });
  test("is found by a path that one of its locations holds", async () => {
    await call("createInstance", {});
    await call("createLocation", { path: "sea/shells*", role: "granting" });
    await expect(call("getInstanceOfPath", { path: "sea/sand" })).rejects.toEqual(fails("GrantsInstanceNotFound"));
    expect((await call("getInstanceOfPath", { path: "sea/shells/1" })).version).toBe(1);
  });
  test("takes 50 labels whose names are not empty", async () => {
    const labels = Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`label-${n}`, ""]));
    await expect(call("createInstance", { labels })).rejects.toEqual(fails("GrantLabelsInvalid"));
    await expect(call("createInstance", { labels: { "": "" } })).rejects.toEqual(fails("GrantLabelsInvalid"));
  });
});

describe("a location", () => {
  test("needs an instance, and no other at its path", async () => {
    const create = (path: string) => call("createLocation", { path, role: "granting" });
    await expect(create("sea")).rejects.toEqual(fails("GrantsInstanceNotFound"));
    await expect(call("listLocations", {})).rejects.toEqual(fails("GrantsInstanceNotFound"));
    await begin();
    expect((await create("sea")).id).toMatch(/^[0-9a-f-]{36}$/);
    await expect(create("sea")).rejects.toEqual(fails("GrantsLocationExists"));
    await expect(create("")).rejects.toEqual(fails("GrantsLocationExists"));
  });
  test("is given another role", async () => {
    const made = await begin();
    expect(await call("changeLocation", { id: made.id, role: "lending" })).toEqual({ ...made, role: "lending" });
    await expect(call("changeLocation", { id: "none", role: "" })).rejects.toEqual(fails("GrantsLocationNotFound"));
  });
  test("is listed by id, a page at a time, or by its path", async () => {
    await call("createInstance", {});
    for (const path of ["a", "b", "c"]) await call("createLocation", { path, role: "granting" });
    const whole = (await call("listLocations", {})).found;
    const { found, next } = await call("listLocations", { limit: 2 });
    expect([found, next]).toEqual([whole.slice(0, 2), whole[1]?.id]);
    expect(await call("listLocations", { limit: 2, after: next ?? "" })).toEqual({ found: whole.slice(2) });
    expect((await call("listLocations", { path: "b" })).found.map(({ path }) => path)).toEqual(["b"]);
  });
});

describe("a grant", () => {
  test.each([
    ["", "reports/*", "reports/*"],
    ["sea", undefined, "sea/*"],
    ["sea", "shells*", "sea/shells*"],
    ["sea/", "shells*", "sea/shells*"],
    ["sea/shells*", "/1", "sea/shells/1"],
  ])("within \"%s\" of %s is about %s", async (path, subPath, granted) => {
    await call("createInstance", {});
    const { id } = await call("createLocation", { path, role: "granting" });
    const of = { location: id, grantee: ADA, permission: "read" as const, ...(subPath !== undefined && { subPath }) };
    expect((await call("createGrant", of)).path).toBe(granted);
  });
  test("is narrower than all buckets, and of one object only when it names one", async () => {
    await begin();
    await expect(grant({ subPath: "*" })).rejects.toEqual(fails("GrantInvalid"));
    await expect(grant({ isObject: true })).rejects.toEqual(fails("GrantInvalid"));
    expect((await grant({ isObject: true, subPath: "reports/1" })).path).toBe("reports/1");
  });
  test("stands once, in a location that exists", async () => {
    await expect(grant()).rejects.toEqual(fails("GrantsInstanceNotFound"));
    await begin();
    await grant();
    await expect(grant()).rejects.toEqual(fails("GrantExists"));
    await grant({ permission: "write" });
    await expect(grant({ location: "none" })).rejects.toEqual(fails("GrantsLocationNotFound"));
  });
  test("is listed by grantee, account, permission and path", async () => {
    await begin();
    const [read, write, foreign] = [
      await grant(),
      await grant({ permission: "write", subPath: "drafts/*" }),
      await grant({ grantee: STRANGER }),
    ];
    const ids = async (wanted: Parameters<typeof call<"listGrants">>[1]) =>
      (await call("listGrants", wanted)).found.map(({ id }) => id).sort();
    expect(await ids({})).toEqual([read.id, write.id, foreign.id].sort());
    expect(await ids({ grantee: ADA.id, permission: "read" })).toEqual([read.id]);
    expect(await ids({ granteeAccount: STRANGER.account })).toEqual([foreign.id]);
    expect(await ids({ path: "drafts/*" })).toEqual([write.id]);
  });
});

describe("keys for data", () => {
  const ask = (path: string, permission: "read" | "write" | "readWrite" = "read", more = {}) =>
    call("getDataAccess", { path, permission, ...more });

  test("are handed out under the narrowest grant that gives what is asked", async () => {
    await begin();
    await grant({ subPath: "reports/*", permission: "readWrite" });
    const narrow = await grant({ subPath: "reports/2030/*" });
    expect((await ask("reports/2030/1")).grant.id).toBe(narrow.id);
    expect((await ask("reports/2030/1", "write")).access).toMatchObject({ path: "reports/*", permission: "write" });
  });
  test("are refused where no grant gives what is asked", async () => {
    await expect(ask("reports/1")).rejects.toEqual(fails("GrantsInstanceNotFound"));
    await begin();
    await grant();
    await grant({ grantee: STRANGER, subPath: "drafts/*" });
    await expect(ask("reports/1", "write")).rejects.toEqual(fails("DataAccessDenied"));
    await expect(ask("reports*")).rejects.toEqual(fails("DataAccessDenied"));
    await expect(ask("drafts/1")).rejects.toEqual(fails("DataAccessDenied"));
  });
  test("last from 15 minutes to 12 hours, an hour when nothing is said, and are on record until then", async () => {
    await begin();
    const { id } = await grant();
    await expect(ask("reports/1", "read", { durationSeconds: 899 })).rejects.toEqual(fails("DurationInvalid"));
    await expect(ask("reports/1", "read", { durationSeconds: 43_201 })).rejects.toEqual(fails("DurationInvalid"));
    const { access, secret } = await ask("reports/1", "read", { isMinimal: true, note: "audit" });
    expect(access).toEqual({
      version: 1,
      token: access.token,
      grant: id,
      path: "reports/1",
      permission: "read",
      principal: "cloudstack",
      note: "audit",
      expiresAtMs: clock.nowMs() + 3_600_000,
    });
    expect(JSON.stringify(await call("listDataAccess", {}))).not.toContain(secret);
    clock.advanceMs(3_599_999);
    expect((await call("listDataAccess", {})).found).toEqual([access]);
    clock.advanceMs(1);
    expect((await call("listDataAccess", {})).found).toEqual([]);
  });
});
