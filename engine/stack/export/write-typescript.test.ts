import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { App, Stack } from "../../../constructs/src/index.ts";
import { AWS_SERVICES, SERVICES } from "../../catalog.generated.ts";
import { awsResourceTypes } from "../../clouds/aws/binding.ts";
import { awsStacksUnderTest, templateOf } from "../../testing/aws-stacks.ts";
import { TEST_SCOPE, type StacksUnderTest } from "../../testing/stack-engine.ts";
import { TYPE_SAMPLES } from "../../testing/type-samples/all.ts";
import { createRegistry } from "../registry/registry.ts";
import { FN_FUNCTIONS } from "./typescript-value.ts";
import { writeTypeScript } from "./write-typescript.ts";

const registry = createRegistry(SERVICES, awsResourceTypes(AWS_SERVICES));
const CONSTRUCTS = join(import.meta.dirname, "../../../constructs/src/index.ts");

const shippedTemplate = (name: string) => readFileSync(join(import.meta.dirname, "../../../templates", name), "utf8");

/** The template that a program synthesizes: run in this process, with the package where its sources are. */
async function templateIn(program: string): Promise<string> {
  // Beside this file, so that the program is read as the tests are.
  const folder = mkdtempSync(join(import.meta.dirname, "program-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "app.ts");
  const text = program
    .replace('"@cloudstacks/constructs"', JSON.stringify(CONSTRUCTS))
    .replace("app.synth();", "export { app, stack };");
  writeFileSync(file, text);
  const { stack } = (await import(/* @vite-ignore */ file)) as { app: App; stack: Stack };
  return JSON.stringify(stack.toTemplate());
}

async function writtenOf({ stacks }: StacksUnderTest) {
  const form = { inCloudTypes: false, isTemplate: true, functions: FN_FUNCTIONS };
  const { files, notes } = writeTypeScript(await stacks.export({ scope: TEST_SCOPE, stack: "web" }, form), registry);
  return { program: files["app.ts"] ?? "", notes };
}

async function expectEmptyPlan(template: string): Promise<string> {
  const under = awsStacksUnderTest();
  expect(await under.deploy(template)).toMatchObject({ status: "deployed" });
  const { program } = await writtenOf(under);
  const { plan, diagnostics } = await under.plan(await templateIn(program));
  const changed = plan?.changes.filter(({ action }) => action !== "none");
  expect({ diagnostics, changed, outputs: plan?.outputs }).toEqual({ diagnostics: [], changed: [], outputs: [] });
  return program;
}

describe("a stack as a program of constructs", () => {
  test.each(["web.yaml", "shards.yaml", "aws-intake.yaml", "the-cloud.yaml"])("says what %s says", async (name) => {
    await expectEmptyPlan(shippedTemplate(name));
  });

  test.each(registry.names)("says all that a sample of %s says", async (type) => {
    const { base, with: more, changes } = TYPE_SAMPLES[type]!;
    for (const [property, change] of Object.entries(changes)) {
      const properties = { ...base, ...change.beside, ...change.along, [property]: change.to };
      await expectEmptyPlan(templateOf(type, properties, more));
    }
  });

  test("renames what nested templates made, and neither makes nor deletes anything", async () => {
    const under = awsStacksUnderTest();
    const [shop, network] = ["shop.yaml", "parts/network.yaml"].map(shippedTemplate);
    await under.deploy(`${shop}\n--- # template: parts/network.yaml\n${network}`);
    const { program, notes } = await writtenOf(under);
    const { plan } = await under.plan(await templateIn(program));
    expect(plan?.summary).toMatchObject({ rename: 6, none: 1, create: 0, update: 0, replace: 0, delete: 0 });
    expect(notes).toEqual(["Nested stacks are written flat: the first plan renames what is in them."]);
  });

  test("keeps metadata, and tells of what constructs have no form for", async () => {
    const under = awsStacksUnderTest();
    await under.deploy(`
Rules: {Fit: {Assertions: [{Assert: !Equals [a, a]}]}}
Resources:
  Net: {Type: VPC, Metadata: {front: !Ref Front, size: {of: 2}}, UpdatePolicy: {UseOnlineResharding: true}}
  Front: {Type: Subnet, Properties: {VpcID: !Ref Net}}
`);
    const { program, notes } = await writtenOf(under);
    expect(program).toContain(
      'net.addMetadata("front", front.ref);\nnet.addMetadata("size", { of: 2 });\n\napp.synth();',
    );
    expect(JSON.parse(await templateIn(program))).toMatchObject({
      Resources: { Net: { Metadata: { front: { Ref: "Front" }, size: { of: 2 } } } },
    });
    expect(notes).toContain("Left out, with no form in constructs: the rule Fit, UpdatePolicy of Net.");
  });

  test("has typed classes, names of variables, and what is referred to first", async () => {
    const program = await expectEmptyPlan(`
Parameters: {Stage: {Type: String, Default: dev}}
Resources:
  Front: {Type: Subnet, DeletionPolicy: Retain, Properties: {VpcID: !Ref Net, Labels: {stage: !Ref Stage}}}
  Net: {Type: VPC, Properties: {CIDRBlock: 10.1.0.0/16}}
Outputs: {Net: {Value: !Sub "\${Net} of \${AWS::StackName}"}}`);
    expect(program).toBe(`import { App, Output, Parameter, Pseudo, Stack, types } from "@cloudstacks/constructs";

const app = new App();
const stack = new Stack(app, "web");

const stage = new Parameter(stack, "Stage", { type: "String", default: "dev" });
const net = new types.Vpc(stack, "Net", { cidrBlock: "10.1.0.0/16" });
const front = new types.Subnet(stack, "Front", { vpcId: net.ref, labels: { stage: stage.asString } });
front.deletionPolicy = "Retain";
new Output(stack, "NetOutput", { value: \`\${net.ref} of \${Pseudo.STACK_NAME}\` }).overrideLogicalId("Net");

app.synth();
`);
  });
});
