import { describe, expect, it } from "vitest";
import { loadAwsModel } from "../load-model.ts";
import type { AwsModel, AwsOperation } from "../model.ts";
import { jsonCodec } from "./json-codec.ts";
import { JsonText } from "./json-text.ts";

const model = (await loadAwsModel("dynamodb")) as AwsModel;
const query = model.operations.get("Query") as AwsOperation;
const written = (output: Record<string, unknown>) =>
  jsonCodec.serialize({ model, operation: query, protocol: "json", labels: {} }, output, "r").body;

describe("JSON that is written already", () => {
  it("is sent as it is, between members that are written as ever", () => {
    const Items = new JsonText('[{"id":{"S":"é \\u2028"}}]');
    expect(written({ Count: 1, Items, ScannedCount: undefined, LastEvaluatedKey: { id: { B: Buffer.from("a") } } }))
      .toBe('{"Count":1,"Items":[{"id":{"S":"é \\u2028"}}],"LastEvaluatedKey":{"id":{"B":"YQ=="}}}');
  });
});
