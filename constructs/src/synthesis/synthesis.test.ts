import { describe, expect, test } from "vitest";
import { App, Condition, Fn, Lazy, Mapping, Output, Parameter, Pseudo, Resource, Stack } from "../index.ts";

const stackIn = (app: App, id = "Web") => new Stack(app, id);

/** A template without where its resources were made. */
function declared(stack: Stack): Record<string, unknown> {
  return JSON.parse(
    JSON.stringify(stack.toTemplate(), (key, value: unknown) => (key === "Metadata" ? undefined : value)),
  ) as Record<string, unknown>;
}

const FILE = "constructs/src/synthesis/synthesis.test.ts";
/** The line that it is called from. */
const lineHere = () => Number(/:(\d+):\d+\)?$/.exec(new Error("here").stack?.split("\n")[2] ?? "")?.[1]);

describe("a template", () => {
  test("holds what its stack declares, each under the ids on the way to it", () => {
    const stack = stackIn(new App());
    const stage = new Parameter(stack, "Stage", { default: "dev", allowedValues: ["dev", "prod"] });
    const isProd = new Condition(stack, "IsProd", { expression: Fn.conditionEquals(stage.asString, "prod") });
    const sizes = new Mapping(stack, "Sizes", { values: { dev: { disk: 10 }, prod: { disk: 100 } } });
    const disk = new Resource(stack, "data-disk", {
      type: "Volume",
      properties: { Size: sizes.findValue(stage.asString, "disk"), Labels: { stage: stage.asString } },
    });
    disk.condition = isProd;
    disk.deletionPolicy = "Snapshot";
    new Output(stack, "Disk", { value: disk.ref, condition: isProd, exportName: "disk" });

    expect(declared(stack)).toEqual({
      Parameters: { Stage: { Type: "String", Default: "dev", AllowedValues: ["dev", "prod"] } },
      Mappings: { Sizes: { dev: { disk: 10 }, prod: { disk: 100 } } },
      Conditions: { IsProd: { "Fn::Equals": [{ Ref: "Stage" }, "prod"] } },
      Resources: {
        dataDisk: {
          Type: "Volume",
          Condition: "IsProd",
          DeletionPolicy: "Snapshot",
          Properties: {
            Size: { "Fn::FindInMap": ["Sizes", { Ref: "Stage" }, "disk"] },
            Labels: { stage: { Ref: "Stage" } },
          },
        },
      },
      Outputs: { Disk: { Condition: "IsProd", Value: { Ref: "dataDisk" }, Export: { Name: "disk" } } },
    });
  });

  test("says of each resource where the program makes it", () => {
    const stack = stackIn(new App());
    new Resource(stack, "Jobs", { type: "Queue" });
    const line = lineHere() - 1;
    expect(stack.toTemplate()["Resources"]).toEqual({
      Jobs: {
        Type: "Queue",
        Metadata: {
          "cloudstacks:path": "Web/Jobs",
          "cloudstacks:source": { file: FILE, line, column: 5 },
        },
      },
    });
  });

  test("joins texts that hold tokens, at once where it can", () => {
    const stack = stackIn(new App());
    const queue = new Resource(stack, "Jobs", { type: "Queue" });
    const inner = `${queue.getAtt("Arn")}/*`;
    const name = Lazy.string({ produce: () => "assets" });
    new Resource(stack, "Assets", {
      type: "Bucket",
      properties: { Name: `${name}-${name}`, Labels: { rule: `${Pseudo.REGION}:${inner}!`, [name]: "x" } },
    });
    expect(declared(stack)["Resources"]).toMatchObject({
      Assets: {
        Properties: {
          Name: "assets-assets",
          Labels: {
            rule: { "Fn::Join": ["", [{ Ref: "AWS::Region" }, ":", { "Fn::GetAtt": ["Jobs", "Arn"] }, "/*!"]] },
            assets: "x",
          },
        },
      },
    });
  });

  test("is the same however often it is made", () => {
    const app = new App();
    const [network, web] = [stackIn(app, "Network"), stackIn(app)];
    const vpc = new Resource(network, "Net", { type: "VPC" });
    new Resource(web, "Front", { type: "Subnet", properties: { VpcID: vpc.ref } });
    const first = [JSON.stringify(network.toTemplate()), JSON.stringify(web.toTemplate())];
    expect([JSON.stringify(network.toTemplate()), JSON.stringify(web.toTemplate())]).toEqual(first);
  });
});

describe("a reference to another stack", () => {
  test("is an export there and an import here", () => {
    const app = new App();
    const [web, network] = [stackIn(app), stackIn(app, "Network")];
    const vpc = new Resource(network, "Net", { type: "VPC" });
    new Resource(web, "Front", { type: "Subnet", properties: { VpcID: vpc.ref, CIDRBlock: vpc.getAtt("CIDRBlock") } });
    expect(declared(web)["Resources"]).toEqual({
      Front: {
        Type: "Subnet",
        Properties: {
          VpcID: { "Fn::ImportValue": "Network-ExportNetRef" },
          CIDRBlock: { "Fn::ImportValue": "Network-ExportNetCIDRBlock" },
        },
      },
    });
    expect(declared(network)["Outputs"]).toEqual({
      ExportNetCIDRBlock: {
        Value: { "Fn::GetAtt": ["Net", "CIDRBlock"] },
        Export: { Name: "Network-ExportNetCIDRBlock" },
      },
      ExportNetRef: { Value: { Ref: "Net" }, Export: { Name: "Network-ExportNetRef" } },
    });
  });

  test("in another region reads the other stack's output", () => {
    const app = new App();
    const far = new Stack(app, "Far", { region: "eu-west-1" });
    const topic = new Resource(far, "News", { type: "Topic" });
    const web = stackIn(app);
    new Output(web, "News", { value: topic.ref });
    expect(declared(web)["Outputs"]).toEqual({
      News: {
        Value: {
          "Fn::GetStackOutput": { StackName: "Far", OutputName: "ExportNewsRef", Region: "eu-west-1" },
        },
      },
    });
  });

  test("in another region wants to know the region, which may be that of the deployment otherwise", () => {
    const app = new App();
    const news = new Resource(stackIn(app), "News", { type: "Topic" });
    new Output(new Stack(app, "Far", { region: "eu-west-1" }), "News", { value: news.ref });
    expect(() => app.synth()).toThrow(
      "Far/News: Web/News is in a stack without a region of its own: " +
        "give Web one, so that Far in eu-west-1 can read it",
    );
  });
});

describe("what is wrong with an app", () => {
  test("is told all at once, each with its line", () => {
    const app = new App();
    const stack = stackIn(app);
    const queue = new Resource(stack, "a/b", { type: "Queue", properties: { Name: new Map() } });
    new Resource(stack, "a-B", { type: "Queue" });
    const line = lineHere() - 1;
    queue.node.addValidation({ validate: () => ["a queue wants a name", "and a home"] });
    stack.node.addValidation({ validate: () => ["no stack today"] });
    expect(() => app.synth()).toThrow(
      [
        "the app has 5 problems:",
        "  Web: no stack today",
        `  Web/a--b: a queue wants a name  (${FILE}:${line - 1})`,
        `  Web/a--b: and a home  (${FILE}:${line - 1})`,
        `  Web/a--b: Name: an object of Map cannot stand in a template  (${FILE}:${line - 1})`,
        `  Web/a-B: its name in the template, "aB", is that of Web/a--b, too: rename one  (${FILE}:${line})`,
      ].join("\n"),
    );
  });

  test("are stacks that depend on each other, too", () => {
    const app = new App();
    const [one, other] = [stackIn(app, "One"), stackIn(app, "Other")];
    one.addDependency(other);
    new Output(other, "Use", { value: new Resource(one, "Jobs", { type: "Queue" }).ref });
    expect(() => app.synth()).toThrow(
      "the app has a problem:\n  One: stacks depend on each other: One -> Other -> One",
    );
  });

  test("is an output that is called as what another stack uses", () => {
    const app = new App();
    const [one, other] = [stackIn(app, "One"), stackIn(app, "Other")];
    const jobs = new Resource(one, "Jobs", { type: "Queue" });
    new Output(one, "ExportJobsRef", { value: "mine" });
    new Output(other, "Use", { value: jobs.ref });
    expect(() => app.synth()).toThrow(
      'One: an output is called "ExportJobsRef" as what another stack uses: rename it',
    );
  });

  test("are two values that other stacks use under one name", () => {
    const app = new App();
    const [one, other] = [stackIn(app, "One"), stackIn(app, "Other")];
    new Output(other, "Use", { value: new Resource(one, "A", { type: "Queue" }).getAtt("BArn") });
    new Output(other, "UseToo", { value: new Resource(one, "AB", { type: "Queue" }).getAtt("Arn") });
    expect(() => app.synth()).toThrow(
      'two values of stack "One" are exported as "ExportABArn": rename one\'s construct',
    );
  });

  test("is an element outside of a stack", () => {
    const app = new App();
    expect(() => new Resource(app, "Jobs", { type: "Queue" })).toThrow(
      "Jobs is not in a stack: its scope is a Stack or in one",
    );
  });
});
