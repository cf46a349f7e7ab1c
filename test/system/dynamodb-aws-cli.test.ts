import { execFile } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startCloud, type TestCloud } from "../../engine/testing/cloud.ts";
import { awsEnvironment, isMissing } from "./kit/clients.ts";

let cloud: TestCloud;

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}
const run = (command: string, args: readonly string[]): Promise<Outcome> =>
  new Promise((resolve) => {
    execFile(command, args, { env: awsEnvironment(cloud.endpoint), maxBuffer: 2 ** 24 }, (error, out, problem) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), out, error: problem });
    });
  });
const aws = (...args: string[]) => run("aws", ["dynamodb", ...args]);

beforeAll(async () => {
  cloud = await startCloud();
});
afterAll(() => cloud.stop());

describe.skipIf(isMissing("aws", "--version"))("the AWS CLI", () => {
  test("makes a table, writes, queries, pages and deletes", async () => {
    const made = await aws(
      "create-table",
      "--table-name",
      "music",
      "--billing-mode",
      "PAY_PER_REQUEST",
      "--attribute-definitions",
      "AttributeName=artist,AttributeType=S",
      "AttributeName=song,AttributeType=S",
      "--key-schema",
      "AttributeName=artist,KeyType=HASH",
      "AttributeName=song,KeyType=RANGE",
    );
    expect(made).toMatchObject({ code: 0, error: "" });
    expect(JSON.parse(made.out)).toMatchObject({ TableDescription: { TableName: "music", TableStatus: "ACTIVE" } });
    expect((await aws("wait", "table-exists", "--table-name", "music")).code).toBe(0);
    for (const song of ["one", "two", "three"]) {
      const item = JSON.stringify({
        artist: { S: "Ada" },
        song: { S: song },
        plays: { N: "7" },
        raw: { B: "AAECAw==" },
      });
      expect((await aws("put-item", "--table-name", "music", "--item", item)).code).toBe(0);
    }
    const found = await aws(
      "query",
      "--table-name",
      "music",
      "--key-condition-expression",
      "artist = :a AND begins_with(song, :t)",
      "--expression-attribute-values",
      JSON.stringify({ ":a": { S: "Ada" }, ":t": { S: "t" } }),
      "--page-size",
      "1",
    );
    const { Items } = JSON.parse(found.out) as { Items: { song: { S: string } }[] };
    expect(Items.map((item) => item.song.S)).toEqual(["three", "two"]);
    const refused = await aws(
      "put-item",
      "--table-name",
      "music",
      "--item",
      JSON.stringify({ artist: { S: "Ada" }, song: { S: "one" } }),
      "--condition-expression",
      "attribute_not_exists(artist)",
    );
    // Version 2 of the CLI ends with 254, version 1 with 255.
    expect([254, 255]).toContain(refused.code);
    expect(refused.error).toContain(
      "(ConditionalCheckFailedException) when calling the PutItem operation: The conditional request failed",
    );
    expect(JSON.parse((await aws("list-tables")).out)).toEqual({ TableNames: ["music"] });
    expect((await aws("delete-table", "--table-name", "music")).code).toBe(0);
    expect((await aws("describe-table", "--table-name", "music")).error).toContain(
      "(ResourceNotFoundException) when calling the DescribeTable operation: "
        + "Requested resource not found: Table: music not found",
    );
  });
});
