import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { IConstruct } from "constructs";
import { afterEach, describe, expect, test, vi } from "vitest";
import { App, Aspects, Asset, Fn, Lazy, Resource, Stack, Tags, aws, types } from "./index.ts";

afterEach(() => vi.unstubAllEnvs());

interface Declared {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: readonly string[];
}
const resources = (stack: Stack) => stack.toTemplate()["Resources"] as Readonly<Record<string, Declared>>;
const properties = (stack: Stack, id: string) => resources(stack)[id]?.Properties;

describe("aspects", () => {
  test("see everything below once, what other aspects add included, and their changes are synthesized", () => {
    const app = new App();
    const stack = new Stack(app, "Web");
    new types.Bucket(stack, "Assets");
    const seen: string[] = [];
    Aspects.of(app).add({
      visit: (node) => {
        seen.push(node.node.path);
        if (node === stack) new types.Queue(stack, "Added");
      },
    });
    Aspects.of(stack).add({
      visit: (node) => {
        if (node instanceof types.Queue) node.addPropertyOverride("Name", "added");
      },
    });
    expect(properties(stack, "Added")).toEqual({ Name: "added" });
    expect(seen).toEqual(["", "Web", "Web/Assets", "Web/Added"]);
    stack.toTemplate();
    expect(seen).toHaveLength(4);
  });

  test("that fail are told with the construct they failed on, beside all else that is wrong", () => {
    class Tagged {
      visit(node: IConstruct): void {
        if (node instanceof types.Bucket) throw new Error("a bucket wants an owner");
      }
    }
    const app = new App();
    const stack = new Stack(app, "Web");
    new types.Bucket(stack, "Assets");
    const jobs = new types.Queue(stack, "Jobs");
    Aspects.of(app).add(new Tagged());
    jobs.node.addValidation({ validate: () => ["a queue wants a name"] });
    const place = /^ {2}Web\/Assets: the aspect Tagged failed: a bucket wants an owner {2}\(.*app[.]test[.]ts:\d+\)$/m;
    expect(() => stack.toTemplate()).toThrow(place);
    expect(() => stack.toTemplate()).toThrow(/Web\/Jobs: a queue wants a name/);
  });
});

describe("tags", () => {
  test("reach everything that takes tags, the closest first", () => {
    const app = new App();
    const stack = new Stack(app, "Web");
    const bucket = new types.Bucket(stack, "Assets", { labels: { tier: "own" } });
    new aws.SqsQueue(stack, "Jobs", { tags: [{ key: "tier", value: "own" }] });
    new Resource(stack, "Other", { type: "Queue" });
    Tags.of(app).add("tier", "app");
    Tags.of(app).add("team", "app");
    Tags.of(stack).add("team", "web");
    Tags.of(bucket).remove("team");
    expect(properties(stack, "Assets")).toEqual({ Labels: { tier: "own" } });
    expect(properties(stack, "Jobs")).toEqual({
      Tags: [{ Key: "tier", Value: "own" }, { Key: "team", Value: "web" }],
    });
    expect(properties(stack, "Other")).toBeUndefined();
  });

  test("cannot be added to those that are known only later", () => {
    const stack = new Stack(new App(), "Web");
    new types.Bucket(stack, "Assets", { labels: Lazy.any({ produce: () => ({ a: "b" }) }) });
    Tags.of(stack).add("team", "web");
    expect(() => stack.toTemplate()).toThrow(
      "Web/Assets: its Labels are known only when it is deployed, so that tags cannot be added",
    );
  });
});

describe("typed properties", () => {
  test("that are tokens have the template's names when they are resolved", () => {
    const stack = new Stack(new App(), "Web");
    const rules = Lazy.any({ produce: () => [{ status: "Enabled", expirationInDays: 3 }] });
    new aws.S3Bucket(stack, "Assets", { lifecycleConfiguration: { rules } });
    expect(properties(stack, "Assets")).toEqual({
      LifecycleConfiguration: { Rules: [{ Status: "Enabled", ExpirationInDays: 3 }] },
    });
  });

  test("that a type does not have are refused, with those that it has", () => {
    const stack = new Stack(new App(), "Web");
    const misspelt = { nam: "x" } as types.BucketProps;
    expect(() => new types.Bucket(stack, "Assets", misspelt)).toThrow(
      'BucketProps has no property "nam": name, versioning, labels',
    );
  });

  test("can be overridden, deep within and away", () => {
    const stack = new Stack(new App(), "Web");
    const bucket = new aws.S3Bucket(stack, "Assets", { bucketName: "a", websiteConfiguration: { indexDocument: "i" } });
    bucket.addPropertyOverride("WebsiteConfiguration.ErrorDocument", Fn.base64("e"));
    bucket.addPropertyOverride("LifecycleConfiguration.Rules", [{ Status: "Disabled" }, { Status: "Enabled" }]);
    bucket.addPropertyOverride("LifecycleConfiguration.Rules.0");
    bucket.addPropertyOverride("BucketName");
    expect(properties(stack, "Assets")).toEqual({
      WebsiteConfiguration: { IndexDocument: "i", ErrorDocument: { "Fn::Base64": "e" } },
      LifecycleConfiguration: { Rules: [{ Status: "Enabled" }] },
    });
  });
});

describe("dependencies", () => {
  test("within a stack are the template's; on another stack they order the stacks", () => {
    const app = new App();
    const [web, net] = [new Stack(app, "Web"), new Stack(app, "Net")];
    const vpc = new types.Vpc(net, "Vpc");
    const bucket = new types.Bucket(web, "Assets");
    const queue = new types.Queue(web, "Jobs");
    queue.addDependency(bucket);
    queue.node.addDependency(vpc);
    expect(resources(web)["Jobs"]?.DependsOn).toEqual(["Assets"]);
    const outdir = mkdtempSync(join(tmpdir(), "constructs-app-"));
    expect(app.synth({ outdir }).stacks.map(({ name }) => name)).toEqual(["Net", "Web"]);
    rmSync(outdir, { recursive: true });
  });
});

describe("a resource that is there already", () => {
  test("is renamed or taken over instead of made", () => {
    const app = new App({ target: "cloudformation" });
    const stack = new Stack(app, "Web");
    new aws.SqsQueue(stack, "Jobs").movedFrom("Work");
    new aws.S3Bucket(stack, "Assets").importFrom("web-assets");
    expect(stack.toTemplate()).toMatchObject({
      Moved: [{ From: "Work", To: "Jobs" }],
      Import: { Assets: "web-assets" },
    });
    expect(() => app.synth()).toThrow("Web: CloudFormation does not have the section Moved");
  });
});

describe("an app", () => {
  test("leaves nothing of stacks that it has no more, nor of former assets, and touches nothing else", () => {
    const outdir = mkdtempSync(join(tmpdir(), "constructs-app-"));
    const file = join(outdir, "page.html");
    const synthesized = (ids: readonly string[], page: string) => {
      writeFileSync(file, page);
      const app = new App();
      for (const id of ids) new Asset(new Stack(app, id), "Page", { path: file });
      app.synth({ outdir });
      const named = (pattern: RegExp) => readdirSync(outdir).filter((name) => pattern.test(name));
      return { templates: named(/template/), assets: named(/^asset/) };
    };
    writeFileSync(join(outdir, "own.template.json"), "{}");
    const before = synthesized(["Net", "Web"], "one");
    expect(before.templates).toEqual(["Net.template.json", "Web.template.json", "own.template.json"]);
    const after = synthesized(["Web"], "two");
    expect(after.templates).toEqual(["Web.template.json", "own.template.json"]);
    expect([before.assets.length, after.assets.length]).toEqual([1, 1]);
    expect(after.assets).not.toEqual(before.assets);
    rmSync(outdir, { recursive: true });
  });

  test("writes its folder anew where another synthesis was cut off", () => {
    const outdir = mkdtempSync(join(tmpdir(), "constructs-app-"));
    const app = new App();
    new Stack(app, "Web");
    writeFileSync(join(outdir, "manifest.json"), '{"stacks":[{"templ');
    app.synth({ outdir });
    expect(readdirSync(outdir)).toEqual(["Web.template.json", "manifest.json"]);
    rmSync(outdir, { recursive: true });
  });

  test("takes its context from the program and, before that, from who runs it", () => {
    vi.stubEnv("CLOUDSTACKS_CONTEXT", '{"stage":"prod"}');
    const stack = new Stack(new App({ context: { stage: "dev", size: 3 } }), "Web");
    expect([stack.node.tryGetContext("stage"), stack.node.tryGetContext("size")]).toEqual(["prod", 3]);
    vi.stubEnv("CLOUDSTACKS_CONTEXT", "[1]");
    expect(() => new App()).toThrow("CLOUDSTACKS_CONTEXT is not a JSON object");
    vi.stubEnv("CLOUDSTACKS_CONTEXT", "{");
    expect(() => new App()).toThrow("CLOUDSTACKS_CONTEXT is not JSON");
  });

  test("has stacks of different names, which the cloud allows", () => {
    const app = new App();
    expect(() => new Stack(app, "1st")).toThrow(
      '"1st" cannot name a stack: a letter, then up to 127 letters, digits and hyphens',
    );
    const stack = new Stack(app, "Web");
    new Stack(app, "Also", { stackName: "Web" });
    expect(() => stack.toTemplate()).toThrow('Also: its name "Web" is that of Web, too');
  });
});
