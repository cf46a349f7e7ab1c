import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { chosen } from "./assembly.ts";
import { documentsOf } from "../stack/diagnostics/bundle.ts";
import { readAssembly } from "./read-assembly.ts";

/** A folder with files, gone after the test; what is no text is written as JSON. */
function folderOf(files: Readonly<Record<string, unknown>>): string {
  const folder = mkdtempSync(join(tmpdir(), "cloudstacks-assembly-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
  }
  return folder;
}

function synthesized(dependencies: Readonly<Record<string, readonly string[]>>): string {
  const stacks = Object.entries(dependencies).map(([name, needed]) => ({
    name,
    template: "same.json",
    dependencies: needed,
  }));
  return folderOf({ "manifest.json": { version: 1, stacks }, "same.json": "{}" });
}

const namesOf = (stacks: readonly { readonly name: string }[]) => stacks.map(({ name }) => name);

test("stacks come after those they depend on, otherwise as they are given", () => {
  const { stacks } = readAssembly(synthesized({ web: ["data", "net"], jobs: [], data: ["net"], net: [] }));
  expect(namesOf(stacks)).toEqual(["net", "data", "web", "jobs"]);
  expect(namesOf(chosen(stacks, ["data"]))).toEqual(["net", "data"]);
  expect(namesOf(chosen(stacks, ["data"], "dependents"))).toEqual(["data", "web"]);
  expect(namesOf(chosen(stacks, []))).toEqual(["net", "data", "web", "jobs"]);
  expect(() => chosen(stacks, ["wob"])).toThrow('The app has no stack "wob".');
});

test("stacks that need each other are refused with the way around", () => {
  const folder = synthesized({ one: ["two"], two: ["three"], three: ["two"] });
  expect(() => readAssembly(folder)).toThrow("The stacks depend on each other in a circle: two -> three -> two.");
});

test("a folder that is none, or was written by a later version, is refused", () => {
  expect(() => readAssembly(folderOf({}))).toThrow(/is not a synthesized app: it has no manifest[.]json[.]$/);
  const later = folderOf({ "manifest.json": { version: 2, stacks: [] } });
  expect(() => readAssembly(later)).toThrow("was written by a later version: its manifest is 2.");
  expect(() => readAssembly(folderOf({ "manifest.json": "{" }))).toThrow("is not JSON");
  const gone = folderOf({ "manifest.json": { version: 1, stacks: [{ name: "web", template: "web.json" }] } });
  expect(() => readAssembly(gone)).toThrow(/web[.]json cannot be read/);
});

test("what was synthesized for Terraform is refused with the way to deploy it, and told of", () => {
  const stacks = [{ name: "web", template: "web/main.tf.json" }];
  const ours = folderOf({
    "manifest.json": { version: 1, target: "terraform", stacks },
    "web/main.tf.json": {},
  });
  const terrain = folderOf({
    "manifest.json": { version: "0.24.0", stacks: { web: { workingDirectory: "stacks/web" } } },
  });
  const refusalOf = (folder: string) => {
    try {
      return readAssembly(folder);
    } catch (problem) {
      return problem;
    }
  };
  for (const [folder, module] of [
    [ours, "web"],
    [terrain, "stacks/web"],
  ] as const)
    expect(refusalOf(folder)).toMatchObject({
      message: `${folder} was synthesized for Terraform, which deploys it.`,
      cure: [
        `cd ${folder}/${module} && cloudstack terraform init && cloudstack terraform apply`,
        "An app of constructs is synthesized for this engine without a target: cloudstack synth",
      ],
    });
  expect(readAssembly(ours, "listing").stacks.map(({ name }) => name)).toEqual(["web"]);
});

test("of a cdk.out the stages' stacks are read, too, with their places, and nothing is asked of a bootstrap", () => {
  const stack = (templateFile: string, environment: string, dependencies: readonly string[] = []) => ({
    type: "aws:cloudformation:stack",
    environment,
    properties: { templateFile, stackName: templateFile.split(".")[0] },
    dependencies,
  });
  const bootstrapped = {
    Parameters: { BootstrapVersion: {}, Size: { Type: "Number" } },
    Rules: { CheckBootstrapVersion: {} },
    Resources: {},
  };
  const folder = folderOf({
    "manifest.json": {
      version: "48.0.0",
      artifacts: {
        A1: stack("Shop.template.json", "aws://111111111111/eu-west-1", ["A2"]),
        A2: stack("Net.template.json", "aws://unknown-account/unknown-region"),
        Stage: { type: "cdk:cloud-assembly", properties: { directoryName: "assembly-Stage" } },
      },
    },
    "Shop.template.json": bootstrapped,
    "Net.template.json": "{}",
    "assembly-Stage/manifest.json": {
      artifacts: { S1: stack("Staged.template.json", "aws://unknown-account/us-west-2") },
    },
    "assembly-Stage/Staged.template.json": "{}",
  });
  const { stacks } = readAssembly(folder);
  expect(stacks.map(({ name, scope }) => [name, scope])).toEqual([
    ["Net", {}],
    ["Shop", { account: "111111111111", region: "eu-west-1" }],
    ["Staged", { region: "us-west-2" }],
  ]);
  const shop = stacks.find(({ name }) => name === "Shop");
  expect(JSON.parse(shop?.template ?? "")).toEqual({ Parameters: { Size: { Type: "Number" } }, Resources: {} });
});

test.each([
  [{ dockerImages: { abc: {} } }, "the container image abc"],
  [{ files: { def: { source: { executable: ["make"] }, destinations: {} } } }, "what a command makes as asset def"],
])("of a cdk.out an asset that would have to be built is refused", (assets, what) => {
  const folder = folderOf({
    "manifest.json": {
      artifacts: {
        A1: { type: "aws:cloudformation:stack", dependencies: ["A1.assets"] },
        "A1.assets": { type: "cdk:asset-manifest" },
      },
    },
    "A1.template.json": "{}",
    "A1.assets.json": assets,
  });
  expect(() => readAssembly(folder)).toThrow(
    `${join(folder, "A1.assets.json")} wants ${what}: only files and folders are taken as assets.`,
  );
});

test("templates that a stack nests are taken from its assets, before anything is uploaded", () => {
  const nesting = (key: string) => ({
    Type: "AWS::CloudFormation::Stack",
    Properties: { TemplateURL: { "Fn::Join": ["", ["https://s3.", { Ref: "AWS::Region" }, `/assets/${key}`]] } },
  });
  const asset = (path: string, objectKey: string) => ({
    source: { path, packaging: "file" },
    destinations: { here: { bucketName: "assets", objectKey } },
  });
  const folder = folderOf({
    "manifest.json": {
      artifacts: {
        Shop: { type: "aws:cloudformation:stack", dependencies: ["Shop.assets"] },
        "Shop.assets": { type: "cdk:asset-manifest" },
      },
    },
    "Shop.assets.json": { files: { a: asset("Inner.json", "a.json"), b: asset("Deep.json", "b.json") } },
    "Shop.template.json": { Resources: { Inner: nesting("a.json"), Theirs: nesting("else.json") } },
    "Inner.json": { Resources: { Deep: nesting("b.json") } },
    "Deep.json": { Resources: {} },
  });
  const [stack] = readAssembly(folder).stacks;
  const [own, ...nested] = documentsOf(stack?.template ?? "");
  expect(JSON.parse(own.text)).toEqual({
    Resources: {
      Inner: { Type: "AWS::CloudFormation::Stack", Properties: { TemplateURL: "Inner.json" } },
      Theirs: nesting("else.json"),
    },
  });
  expect(nested.map(({ name, text }) => [name, JSON.parse(text)])).toEqual([
    [
      "Inner.json",
      { Resources: { Deep: { Type: "AWS::CloudFormation::Stack", Properties: { TemplateURL: "Deep.json" } } } },
    ],
    ["Deep.json", { Resources: {} }],
  ]);
});
