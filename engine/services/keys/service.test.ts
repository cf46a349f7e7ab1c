import { describe, expect, test } from "vitest";
import { serviceUnderTest } from "../../testing/service-calls.ts";
import { keys } from "./service.ts";

describe("a key that is kept for a service", () => {
  test("is the same whenever it is asked for, and another in every account, region and service", async () => {
    const { call } = serviceUnderTest(keys);
    const id = async (keptFor: "tables" | "objects", scope = {}) =>
      (await call("getKey", { keptFor }, scope)).id;
    const own = await id("tables");
    expect(own).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(await id("tables")).toBe(own);
    const others = [
      await id("objects"),
      await id("tables", { region: "eu-west-1" }),
      await id("tables", { account: "222222222222" }),
    ];
    expect(new Set([own, ...others]).size).toBe(4);
  });
  test("is found by its id, among the others", async () => {
    const { call } = serviceUnderTest(keys);
    const { found } = await call("listKeys", {});
    expect(found.map(({ keptFor }) => keptFor)).toEqual(["objects", "queues", "tables", "topics"]);
    for (const key of found) expect(await call("getKey", { id: key.id })).toEqual(key);
    await expect(call("getKey", { id: "none" })).rejects.toMatchObject({ code: "KeyNotFound" });
  });
});
