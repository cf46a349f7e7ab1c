import { describe, expect, test } from "vitest";
import { serviceUnderTest } from "../../testing/service-calls.ts";
import { declarations } from "./service.ts";

const TYPE = "Mark";

describe("a declaration", () => {
  test("is kept under its type and id, and replaced by the next", async () => {
    const { call } = serviceUnderTest(declarations);
    await call("putDeclaration", { type: TYPE, id: "one", properties: { a: [1] } });
    await call("putDeclaration", { type: TYPE, id: "one", properties: { b: "x" } });
    await call("putDeclaration", { type: "Other", id: "one", properties: {} });
    expect(await call("getDeclaration", { type: TYPE, id: "one" })).toEqual({
      version: 1,
      type: TYPE,
      id: "one",
      properties: { b: "x" },
    });
  });

  test("is listed in order, a page at a time", async () => {
    const { call } = serviceUnderTest(declarations);
    for (const id of ["c", "a", "b"]) await call("putDeclaration", { type: TYPE, id, properties: {} });
    expect(await call("listDeclarations", { type: TYPE, limit: 2 })).toEqual({ ids: ["a", "b"] });
    expect(await call("listDeclarations", { type: TYPE, after: "b" })).toEqual({ ids: ["c"] });
  });

  test("is not found once it is deleted, however often", async () => {
    const { call } = serviceUnderTest(declarations);
    await call("putDeclaration", { type: TYPE, id: "one", properties: {} });
    await call("deleteDeclaration", { type: TYPE, id: "one" });
    await call("deleteDeclaration", { type: TYPE, id: "one" });
    await expect(call("getDeclaration", { type: TYPE, id: "one" })).rejects.toMatchObject({
      code: "DeclarationNotFound",
    });
  });
});
