import { gzipSync } from "node:zlib";
import {
  SelectObjectContentCommand,
  type InputSerialization,
  type OutputSerialization,
  type ScanRange,
  type SelectObjectContentCommandInput,
} from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { failure, s3World } from "../../../testing/s3-world.ts";

const world = s3World();
const PEOPLE = 'name,age,city\nAda,36,London\nGrace,85,"New York, NY"\nEdsger,72,\n';
const CSV: InputSerialization = { CSV: { FileHeaderInfo: "USE" } };
const ROWS: OutputSerialization = { CSV: {} };

async function ask(
  body: string | Buffer,
  Expression: string,
  more: Partial<SelectObjectContentCommandInput> = {},
): Promise<string> {
  const Bucket = await world.newBucket();
  await world.put(Bucket, "a", body);
  const answer = await world.s3.send(
    new SelectObjectContentCommand({
      Bucket,
      Key: "a",
      ExpressionType: "SQL",
      Expression,
      InputSerialization: CSV,
      OutputSerialization: ROWS,
      ...more,
    }),
  );
  let text = "";
  let isEnded = false;
  for await (const event of answer.Payload ?? []) {
    if (event.Records?.Payload) text += Buffer.from(event.Records.Payload).toString();
    if (event.End) isEnded = true;
  }
  expect(isEnded).toBe(true);
  return text;
}

describe("a query over CSV gives", () => {
  test.each([
    ["every record", "SELECT * FROM S3Object", 'Ada,36,London\nGrace,85,"New York, NY"\nEdsger,72,\n'],
    ["columns by name", "SELECT s.name, s.age FROM S3Object s", "Ada,36\nGrace,85\nEdsger,72\n"],
    ["columns by position", "SELECT s._1 FROM S3Object s LIMIT 2", "Ada\nGrace\n"],
    ["records that match", "SELECT name FROM S3Object WHERE CAST(age AS INT) > 70 AND city <> ''", "Grace\n"],
    ["a text that looks like another", "SELECT name FROM S3Object s WHERE s.city LIKE 'New%'", "Grace\n"],
    ["those in a list", "SELECT name FROM S3Object s WHERE s.name IN ('Ada', 'Alan')", "Ada\n"],
    ["those between two", "SELECT name FROM S3Object s WHERE s.age BETWEEN 70 AND 80", "Edsger\n"],
    ["those not", "SELECT name FROM S3Object s WHERE NOT s.age < 70 OR s.city IS NULL", "Grace\nEdsger\n"],
    ["what is computed", "SELECT UPPER(name), age + 1, name || '!' FROM S3Object LIMIT 1", "ADA,37,Ada!\n"],
    ["parts of texts", "SELECT SUBSTRING(name, 1, 2), CHAR_LENGTH(name) FROM S3Object LIMIT 1", "Ad,3\n"],
    ["how many", "SELECT COUNT(*) FROM S3Object", "3\n"],
    ["sums", "SELECT SUM(CAST(age AS INT)), MIN(age), AVG(age - 1) FROM S3Object", "193,36,63.333333333333336\n"],
    ["one of several", "SELECT CASE city WHEN 'London' THEN 'UK' ELSE 'other' END FROM S3Object", "UK\nother\nother\n"],
    ["what a condition chooses", "SELECT CASE WHEN age > 80 THEN name END AS old FROM S3Object", "\nGrace\n\n"],
    ["names in quotes exactly", 'SELECT s."name" FROM S3Object s LIMIT 1', "Ada\n"],
  ])("%s", async (_, expression, expected) => {
    expect(await ask(PEOPLE, expression)).toBe(expected);
  });

  test("JSON, when that is asked", async () => {
    const OutputSerialization = { JSON: {} };
    expect(await ask(PEOPLE, "SELECT s.name AS who, s.age FROM S3Object s LIMIT 1", { OutputSerialization })).toBe(
      '{"who":"Ada","age":"36"}\n',
    );
  });
  test("what other delimiters part", async () => {
    const InputSerialization: InputSerialization = {
      CSV: { FileHeaderInfo: "IGNORE", FieldDelimiter: ";", RecordDelimiter: "|", QuoteCharacter: "'" },
    };
    const OutputSerialization: OutputSerialization = {
      CSV: { FieldDelimiter: "\t", RecordDelimiter: "/", QuoteFields: "ALWAYS" },
    };
    expect(
      await ask("a;b|1;'2;3'|4;5", "SELECT * FROM S3Object", { InputSerialization, OutputSerialization }),
    ).toBe('"1"\t"2;3"/"4"\t"5"/');
  });
  test("lines within quotes, where they are allowed", async () => {
    const allowed: InputSerialization = { CSV: { AllowQuotedRecordDelimiter: true } };
    const body = '"a\nb",1\n';
    expect(await ask(body, "SELECT s._2 FROM S3Object s", { InputSerialization: allowed })).toBe("1\n");
    const sent = ask(body, "SELECT s._2 FROM S3Object s", { InputSerialization: { CSV: {} } });
    await expect(sent).rejects.toThrow("A quoted record delimiter was found in the file.");
  });
  test("what is packed, and large", async () => {
    const lines = Array.from({ length: 50_000 }, (_, at) => `${at},value ${at}`).join("\n");
    const InputSerialization: InputSerialization = { CSV: {}, CompressionType: "GZIP" };
    const found = await ask(gzipSync(lines), "SELECT s._2 FROM S3Object s WHERE s._1 >= 49998", { InputSerialization });
    expect(found).toBe("value 49998\nvalue 49999\n");
  });
});

describe("a query over a range of bytes gives the records that begin there", () => {
  const LINES = '{"id":1}\n{"id":2}\n{"id":3}\n';
  const NUMBERS = "1,one\n2,two\n3,three\n";
  const csv: InputSerialization = { CSV: {} };
  const lines: InputSerialization = { JSON: { Type: "LINES" } };
  test.each([
    [NUMBERS, csv, { Start: 0, End: 5 }, "1,one\n"],
    [NUMBERS, csv, { Start: 1, End: 6 }, "2,two\n"],
    [NUMBERS, csv, { Start: 6 }, "2,two\n3,three\n"],
    [NUMBERS, csv, { End: 8 }, "3,three\n"],
    [NUMBERS, csv, { Start: 7, End: 8 }, ""],
    [LINES, lines, { Start: 3, End: 9 }, "2\n"],
    ["n,w\n1,one\n2,two\n", { CSV: { FileHeaderInfo: "USE" as const } }, { Start: 8, End: 99 }, "2\n"],
  ])("%j, %j, %j", async (body, InputSerialization, ScanRange, expected) => {
    const column = InputSerialization === lines ? "id" : body.startsWith("n") ? "n" : "*";
    expect(await ask(body, `SELECT ${column} FROM S3Object`, { InputSerialization, ScanRange })).toBe(expected);
  });
  test("and refuses ranges of nothing, of what is packed and of documents", async () => {
    const all = "SELECT * FROM S3Object";
    const asked = (ScanRange: ScanRange, InputSerialization = csv) =>
      failure(ask(NUMBERS, all, { ScanRange, InputSerialization }));
    expect(await asked({})).toEqual(["InvalidScanRange", 400]);
    expect(await asked({ Start: 5, End: 4 })).toEqual(["InvalidScanRange", 400]);
    const unsupported = ["UnsupportedScanRangeInput", 400];
    expect(await asked({ Start: 5 }, { CSV: {}, CompressionType: "GZIP" })).toEqual(unsupported);
    expect(await asked({ Start: 5 }, { JSON: { Type: "DOCUMENT" } })).toEqual(unsupported);
    expect(await asked({ Start: 5 }, { CSV: { AllowQuotedRecordDelimiter: true } })).toEqual(unsupported);
  });
});

describe("a query over JSON gives", () => {
  const LINES = '{"id":1,"tags":["a","b"],"at":{"x":1.5}}\n{"id":2,"tags":[]}\n';
  const json = (Type: "LINES" | "DOCUMENT", OutputSerialization: OutputSerialization = { JSON: {} }) => ({
    InputSerialization: { JSON: { Type } },
    OutputSerialization,
  });
  test("values at a path", async () => {
    expect(await ask(LINES, "SELECT s.id, s.at.x, s.tags[1] AS second FROM S3Object s", json("LINES"))).toBe(
      '{"id":1,"x":1.5,"second":"b"}\n{"id":2}\n',
    );
  });
  test("what is missing, apart from what is null", async () => {
    expect(await ask(LINES, "SELECT s.id FROM S3Object s WHERE s.at IS MISSING", json("LINES"))).toBe('{"id":2}\n');
  });
  test("the elements of a list", async () => {
    const document = '{"people":[{"name":"Ada"},{"name":"Grace"}]}';
    expect(await ask(document, "SELECT s.name FROM S3Object[*].people[*] s", json("DOCUMENT", { CSV: {} }))).toBe(
      "Ada\nGrace\n",
    );
  });
});

describe("a query is refused", () => {
  test.each([
    ["that is no SQL", "DELETE everything"],
    ["that ends early", "SELECT * FROM S3Object WHERE"],
    ["that chooses between nothing", "SELECT CASE ELSE 1 END FROM S3Object"],
    ["with a sign of no meaning", "SELECT # FROM S3Object"],
  ])("%s", async (_, expression) => {
    expect(await failure(ask(PEOPLE, expression))).toEqual(["ParseUnexpectedToken", 400]);
  });
  test("of another kind, or over forms that are not read", async () => {
    expect(await failure(ask(PEOPLE, "SELECT 1", { ExpressionType: "XPATH" as "SQL" }))).toEqual([
      "InvalidExpressionType",
      400,
    ]);
    expect((await failure(ask(PEOPLE, "SELECT * FROM S3Object", { InputSerialization: { Parquet: {} } })))?.[1]).toBe(
      501,
    );
  });
  test("when a value cannot be cast, in the middle of its answer", async () => {
    await expect(ask(PEOPLE, "SELECT CAST(name AS INT) FROM S3Object")).rejects.toThrow("CAST failed");
  });
});
