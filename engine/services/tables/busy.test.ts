import { describe, expect, test } from "vitest";
import { serviceUnderTest } from "../../testing/service-calls.ts";
import { objects } from "../objects/service.ts";
import { LIMITS } from "./model.ts";
import { tables } from "./service.ts";

const things = {
  table: "things",
  attributes: [{ name: "id", type: "S" as const }],
  keys: [{ name: "id", role: "partition" as const }],
  billing: "onDemand" as const,
};
const busy = expect.objectContaining({ code: "TableInUse" });

// Nothing here runs the jobs that build an index or import files, so a table stays as the call has left it.
describe("a table that is busy", () => {
  test("takes no change while one of its indexes is built", async () => {
    const { call } = serviceUnderTest(tables, [objects]);
    await call("createTable", things);
    for (let n = 0; n < LIMITS.filledAtOnceMax; n += 1)
      await call("putItem", { table: "things", item: { id: { S: `${n}` } } });
    const create = { name: "again", isLocal: false, keys: things.keys, projection: { kind: "all" as const } };
    await call("updateTable", { table: "things", attributes: things.attributes, indexChanges: [{ create }] });
    await expect(call("updateTable", { table: "things", billing: "onDemand" })).rejects.toEqual(busy);
  });

  test("is not deleted while it is imported", async () => {
    const { call } = serviceUnderTest(tables, [objects]);
    await call("importTable", { create: things, bucket: "files", format: { kind: "json" }, isCompressed: false });
    await expect(call("deleteTable", { table: "things" })).rejects.toEqual(busy);
  });
});
