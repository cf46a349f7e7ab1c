import { describe, expect, test } from "vitest";
import { serviceUnderTest } from "../../testing/service-calls.ts";
import { identity } from "./service.ts";

describe("identity", () => {
  test("says who is calling and for which account", async () => {
    const { call } = serviceUnderTest(identity);
    const caller = { principal: "arn:aws:iam::222222222222:root" };
    expect(await call("getCallerIdentity", {}, { account: "222222222222", caller })).toEqual({
      account: "222222222222",
      principal: "arn:aws:iam::222222222222:root",
    });
  });

  test("knows no roles and no aliases", async () => {
    const { call } = serviceUnderTest(identity);
    expect(await call("listRoles", {})).toEqual({ roles: [] });
    expect(await call("listAccountAliases", {})).toEqual({ aliases: [] });
  });
});
