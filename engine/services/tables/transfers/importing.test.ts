import { describe, expect, test } from "vitest";
import { memoryBlobStore } from "../../../kernel/memory-blobs.ts";
import type { HttpClient } from "../../../platform/http-client.ts";
import { serviceUnderTest } from "../../../testing/service-calls.ts";
import { objects } from "../../objects/service.ts";
import { tables } from "../service.ts";
import { IMPORT_JOB, runImport } from "./importing.ts";

const SCOPE = { account: "111111111111", region: "us-east-1" };

/** An import that is asked for and not begun: no jobs run here unless the test says so. */
async function asked() {
  const under = serviceUnderTest(tables, [objects], { blobs: memoryBlobStore() });
  const { call, calls } = under;
  await calls.call(objects, "createBucket", { bucket: "sources" }, SCOPE);
  const body = Buffer.from('{"Item":{"id":{"S":"a"}}}\n{"Item":{"id":{"S":"b"}}}\n');
  await calls.call(objects, "putObject", { bucket: "sources", key: "all.json" }, { ...SCOPE, body });
  const create = {
    table: "films",
    attributes: [{ name: "id", type: "S" as const }],
    keys: [{ name: "id", role: "partition" as const }],
    billing: "onDemand" as const,
  };
  const format = { kind: "json" as const };
  const { id } = await call("importTable", { create, bucket: "sources", format, isCompressed: false });
  const run = () => {
    const job = { id: "job", type: IMPORT_JOB, dueAtMs: 0, payload: { ...SCOPE, id }, attempt: 1 };
    const ending = new AbortController().signal;
    return runImport(job, { store: calls.store, ctx: calls.contextOf(tables, SCOPE), http: {} as HttpClient, ending });
  };
  return { call, id, run };
}

describe("a table that is being imported", () => {
  test("is seen, and can be neither used nor deleted", async () => {
    const { call } = await asked();
    expect((await call("describeTable", { table: "films" })).table.isImporting).toBe(true);
    expect(await call("listTables", {})).toEqual({ tables: ["films"] });
    await expect(call("scan", { table: "films" })).rejects.toMatchObject({ code: "TableNotFound" });
    const item = { id: { S: "mine" } };
    await expect(call("putItem", { table: "films", item })).rejects.toMatchObject({ code: "TableNotFound" });
    await expect(call("deleteTable", { table: "films" })).rejects.toMatchObject({ code: "TableInUse" });
  });

  test("is like others once the import is done, which changes nothing when it is run again", async () => {
    const { call, id, run } = await asked();
    await run();
    expect((await call("describeTable", { table: "films" })).table.isImporting).toBeUndefined();
    await call("deleteItem", { table: "films", key: { id: { S: "a" } } });
    await run();
    expect((await call("scan", { table: "films" })).items).toEqual([{ id: { S: "b" } }]);
    expect(await call("describeImport", { id })).toMatchObject({ state: "done", importedItems: 2 });
  });
});
