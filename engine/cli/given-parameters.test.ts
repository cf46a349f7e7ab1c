import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { givenParameters, readEnvFile, readParameterFile } from "./given-parameters.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cloudstacks-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe("a parameter file", () => {
  test.each([
    ["a map in JSON", '{"Stage": "dev", "Count": 3, "Zones": ["a", "b"], "Id": 012345678901}'],
    ["a map in YAML", "Stage: dev\nCount: 3\nZones: [a, b]\nId: 012345678901\n"],
    ["a map below Parameters", "Parameters:\n  Stage: dev\n  Count: 3\n  Zones: a,b\n  Id: '012345678901'\n"],
    [
      "CloudFormation's list",
      `[{"ParameterKey": "Stage", "ParameterValue": "dev"}, {"ParameterKey": "Count", "ParameterValue": "3"},
        {"ParameterKey": "Zones", "ParameterValue": "a,b"}, {"ParameterKey": "Id", "ParameterValue": "012345678901"}]`,
    ],
  ])("is %s", (_form, text) => {
    const values = { Stage: "dev", Count: "3", Zones: "a,b", Id: "012345678901" };
    expect(readParameterFile(file("parameters", text))).toEqual(values);
  });

  test.each([
    ["text", "just a text", "it is neither a map nor a list"],
    ["a nested map", "Stage: {a: b}", "Stage is neither a text nor a list of texts"],
    ["a list of something else", "[{Key: a}]", "an entry has no ParameterKey"],
    [
      "a previous value",
      "[{ParameterKey: A, UsePreviousValue: true}]",
      "A asks for its previous value; give it a value",
    ],
  ])("is refused when it is %s", (_what, text, why) => {
    const path = file("parameters.yaml", text);
    expect(() => readParameterFile(path)).toThrow(`${path} does not hold parameters: ${why}.`);
  });

  test("is refused when it does not exist", () => {
    expect(() => readParameterFile(join(folder, "none"))).toThrow(/^There is no file/);
  });
});

describe("an environment file", () => {
  test("has a value a line, with comments and quotes", () => {
    const text = `
# of the test stage
Stage=dev
export Name = "a \\"b\\" # c\\nd"   # a comment
Single='x # y'
Plain=some text # a comment
Empty=
`;
    expect(readEnvFile(file("dev.env", text))).toEqual({
      Stage: "dev",
      Name: 'a "b" # c\nd',
      Single: "x # y",
      Plain: "some text",
      Empty: "",
    });
  });

  test("is refused where a line is something else", () => {
    const path = file("dev.env", "A=1\nwhat\n");
    expect(() => readEnvFile(path)).toThrow(`${path}:2 is not NAME=VALUE.`);
  });
});

test("what is said later wins, and of an environment only what the template declares is taken", () => {
  const source = { file: "web.yaml", text: "Parameters: {A: {Type: String}, B: {Type: String}, C: {Type: String}}" };
  const env = file("dev.env", "A=env\nB=env\nC=env\nPATH=/bin\n");
  const parameters = file("dev.json", '{"B": "file", "C": "file"}');
  const given = { envFile: [env], parameters: [parameters], parameter: { C: "option" } };
  expect(givenParameters(given, source)).toEqual({ A: "env", B: "file", C: "option" });
});
