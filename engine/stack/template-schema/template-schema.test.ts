import { readdirSync, readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { AWS_SERVICES, SERVICES } from "../../catalog.generated.ts";
import { PAGES } from "../diagnostics/pages/table.ts";
import { readYaml } from "../template/read-yaml.ts";
import { plainValue } from "../template/source-tree.ts";
import { templateSchema } from "./template-schema.ts";

const schema = templateSchema([...SERVICES, ...AWS_SERVICES].flatMap((service) => service.resources));
const accepts = new Ajv({ strict: false, allErrors: true, unicodeRegExp: true }).compile(
  JSON.parse(JSON.stringify(schema)) as object,
);

/** What the schema says of a template, as an editor would: short tags written out as their long form. */
function faultsOf(text: string): readonly string[] {
  const { root } = readYaml(text);
  if (root && accepts(plainValue(root))) return [];
  return [...new Set((accepts.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`))];
}

const folder = new URL("../../../templates/", import.meta.url);

describe("the JSON Schema of templates", () => {
  const files = readdirSync(folder).filter((file) => /[.]yaml$|shared-network[.]json$/.test(file));
  test.each(files)("accepts templates/%s", (file) => {
    expect(faultsOf(readFileSync(new URL(file, folder), "utf8"))).toEqual([]);
  });

  const examples = [...SERVICES, ...AWS_SERVICES]
    .flatMap(({ resources }) => resources)
    .flatMap(({ name, examples: each }) => each.map(({ title, properties }) => [name, title, properties] as const));
  test.each(examples)("accepts %s: %s", (name, _title, properties) => {
    expect(faultsOf(JSON.stringify({ Resources: { One: { Type: name, Properties: properties } } }))).toEqual([]);
  });

  test("accepts functions, loops, rules and policies anywhere they may stand", () => {
    const text = `
AWSTemplateFormatVersion: "2010-09-09"
Transform: [AWS::LanguageExtensions]
Parameters: {Sizes: {Type: "List<Number>", Default: "1,2"}, Net: {Type: "AWS::EC2::VPC::Id", NoEcho: true}}
Rules: {Fit: {RuleCondition: !Equals [a, a], Assertions: [{Assert: !Contains [[a], a]}]}}
Conditions: {IsBig: !Not [!Equals [!Select [0, !Ref Sizes], 1]]}
Resources:
  Fn::ForEach::Disks:
    - Size
    - !Ref Sizes
    - Disk\${Size}:
        Type: Volume
        DeletionPolicy: !If [IsBig, Snapshot, Delete]
        Properties: {Size: !Ref Size, Labels: {size: !Sub "\${Size}"}}
  Front: {Type: Subnet, DependsOn: Net, Properties: {VpcID: !Ref Net}}
  Jobs: {Type: Queue, Condition: IsBig, Properties: {DelaySeconds: "5", Fifo: "true"}}
Outputs: {Id: {Value: !Ref Front, Export: {Name: !Sub "\${AWS::StackName}-front"}}}
`;
    expect(faultsOf(text)).toEqual([]);
  });

  const SHAPES = ["1003", "1201", "1202", "1203", "1204", "1205", "1206", "1207", "1209", "1211", "1305"];
  test.each(SHAPES)("refuses the example of CS%s", (code) => {
    const example = PAGES[`CS${code}`]?.example;
    expect(faultsOf(typeof example === "object" ? example.template : "")).not.toEqual([]);
  });
});
