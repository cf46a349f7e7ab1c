import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { App, Condition, Fn, Mapping, Output, Parameter, Pseudo, Resource, Stack, Tags, aws, types } from "../index.ts";
import type { AppProps } from "../index.ts";

let folder = "";
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "constructs-targets-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

type Target = NonNullable<AppProps["target"]>;

/** A stack with something of everything that all targets have. */
function intake(target: Target): App {
  const app = new App({ target, outdir: folder });
  const stack = new Stack(app, "intake", { description: "Takes in what comes.", region: "eu-west-1" });
  const stage = new Parameter(stack, "Stage", { default: "dev", allowedValues: ["dev", "prod"] });
  const isProd = new Condition(stack, "IsProd", { expression: Fn.conditionEquals(stage.asString, "prod") });
  const times = new Mapping(stack, "Times", { values: { dev: { keep: 60 }, prod: { keep: 86400 } } });
  const rejected = new aws.SqsQueue(stack, "Rejected");
  rejected.condition = isProd;
  const jobs = new aws.SqsQueue(stack, "Jobs", {
    queueName: `jobs-${stage.asString}`,
    messageRetentionPeriod: times.findValue(stage.asString, "keep"),
    redrivePolicy: Fn.conditionIf(
      isProd,
      { deadLetterTargetArn: rejected.attrArn, maxReceiveCount: 3 },
      Pseudo.NO_VALUE,
    ),
    tags: [{ key: "cost", value: "${100}%" }],
  });
  const table = new aws.DynamoDbTable(stack, "Items", {
    billingMode: Fn.conditionIf(isProd, "PROVISIONED", "PAY_PER_REQUEST"),
    attributeDefinitions: [{ attributeName: "id", attributeType: "S" }],
    keySchema: [{ attributeName: "id", keyType: "HASH" }],
  });
  table.addDependency(jobs);
  new aws.SqsQueuePolicy(stack, "Access", {
    queues: [jobs.ref],
    policyDocument: {
      Statement: [{ Effect: "Allow", Principal: "*", Action: "sqs:SendMessage", Resource: jobs.attrArn }],
    },
  });
  Tags.of(stack).add("team", "intake");
  new Output(stack, "Queue", { value: jobs.ref, description: "Where to send." });
  new Output(stack, "Where", { value: `${Pseudo.REGION}/${table.ref}`, condition: isProd });
  return app;
}

const files: Readonly<Record<Target, string>> = {
  cloudstacks: "intake.eu-west-1.template.json",
  cloudformation: "intake.eu-west-1.template.json",
  terraform: "intake.eu-west-1/main.tf.json",
};

/** What was written, with the lines of this file left out. */
const written = (name: string) =>
  readFileSync(join(folder, name), "utf8").replaceAll(/("(?:line|column)": )\d+/g, "$10");

describe("synthesized for", () => {
  for (const target of ["cloudstacks", "cloudformation"] as const) {
    test(`${target}, an app is the same bytes each time`, async () => {
      const app = intake(target);
      app.synth();
      const [template, manifest] = [written(files[target]), written("manifest.json")];
      await expect(template).toMatchFileSnapshot(`golden/intake.${target}.json`);
      await expect(manifest).toMatchFileSnapshot(`golden/manifest.${target}.json`);
      app.synth();
      expect([written(files[target]), written("manifest.json")]).toEqual([template, manifest]);
    });
  }

  test("Terraform, an app is a folder for each stack", async () => {
    const app = intake("terraform");
    const stack = Stack.of(app.node.findChild("intake"));
    // A structure is one or it is not: Terraform is not told later.
    const jobs = stack.node.findChild("Jobs") as aws.SqsQueue;
    jobs.addPropertyOverride("RedrivePolicy", undefined);
    jobs.addPropertyOverride("RedrivePolicy.maxReceiveCount", 3);
    app.synth();
    await expect(written(files.terraform)).toMatchFileSnapshot("golden/intake.terraform.json");
  });

  test("CloudFormation, an app with types of our own is refused by name", () => {
    const stack = new Stack(new App({ target: "cloudformation", outdir: folder }), "web");
    new types.Queue(stack, "Jobs");
    new types.Bucket(stack, "Assets");
    expect(() => (stack.node.root as App).synth()).toThrow(
      "the app has a problem:\n  web: CloudFormation does not have the types of Jobs (Queue), Assets (Bucket)",
    );
  });

  const refusals: Readonly<Record<string, (stack: Stack) => void>> = {
    "One: the type AWS::EC2::Host has no form in Terraform": (stack) => {
      new Resource(stack, "One", { type: "AWS::EC2::Host" });
    },
    "One: DeletionPolicy: Retain has no form in Terraform": (stack) => {
      new types.Bucket(stack, "One").deletionPolicy = "Retain";
    },
    "Jobs: Fn::ImportValue has no form in Terraform": (stack) => {
      new types.Queue(stack, "Jobs", { name: Fn.importValue("x") });
    },
    "Jobs: Fn::Cidr has no form in Terraform": (stack) => {
      new types.Queue(stack, "Jobs", { name: Fn.select(0, Fn.cidr("10.0.0.0/16", 2)) });
    },
    "Url: an export has no form in Terraform": (stack) => {
      new Output(stack, "Url", { value: "x", exportName: "url" });
    },
    "Net: the parameter type AWS::EC2::VPC::Id has no form in Terraform": (stack) => {
      new Parameter(stack, "Net", { type: "AWS::EC2::VPC::Id" });
    },
    "Assets: the property Colour has no form in Terraform": (stack) => {
      new types.Bucket(stack, "Assets").addPropertyOverride("Colour", "red");
    },
  };
  for (const [message, declare] of Object.entries(refusals)) {
    test(`Terraform, it is refused by name: ${message}`, () => {
      const stack = new Stack(new App({ target: "terraform", outdir: folder }), "web");
      declare(stack);
      expect(() => (stack.node.root as App).synth()).toThrow(`the app has a problem:\n  web: ${message}`);
    });
  }

  test("something else, an app is refused", () => {
    const app = new App({ target: "pulumi" as "terraform", outdir: folder });
    expect(() => app.synth()).toThrow('there is no target "pulumi": cloudstacks, cloudformation, terraform');
  });
});
