import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { zipFiles } from "../../engine/models/zip.ts";
import { begin, ROOT, startServer } from "./kit/cloudstack.ts";
import { ownFolder } from "./kit/own-folder.ts";

const { folder, run, json, write } = ownFolder();
const TSX = join(ROOT, "node_modules/.bin/tsx");
const CONSTRUCTS = join(ROOT, "constructs/src/index.ts");

/** Two stacks, of which the second uses the first. */
const APP = `import { App, Output, Resource, Stack } from ${JSON.stringify(CONSTRUCTS)};
const app = new App();
const network = new Stack(app, "network");
const net = new Resource(network, "Net", { type: "VPC", properties: { CIDRBlock: "10.1.0.0/16" } });
const web = new Stack(app, "web", { tags: { team: "shop" } });
new Resource(web, "Front", { type: "Subnet", properties: { VpcID: net.ref, CIDRBlock: "10.1.1.0/24" } });
new Resource(web, "Jobs", { type: "Queue", properties: { Name: app.node.tryGetContext("queue") } });
new Output(web, "Place", { value: net.getAtt("CIDRBlock") });
console.log("the app speaks");
app.synth();
`;

const project = (settings: object) => write("cloudstack.json", JSON.stringify(settings));
function writeApp(text = APP): void {
  write("app.ts", text);
  project({ app: `${TSX} app.ts`, context: { queue: "jobs" } });
}
const stacksThere = async () =>
  (await json<{ stacks: { name: string }[] }>("stacks")).stacks.map(({ name }) => name).sort();

describe("an app that cloudstack.json names", () => {
  test("is planned, deployed in the order of its stacks, changed and destroyed backwards", async () => {
    writeApp();
    const planned = await run("plan");
    expect(planned).toMatchObject({ code: 0, err: "the app speaks\n" });
    expect(planned.out).toContain("network  1 resource: 1 to create");
    expect(planned.out).toContain("web  is planned once network is deployed: it uses what that gives");

    const deployed = await run("deploy", "--yes");
    expect(deployed.code).toBe(0);
    expect(deployed.out.indexOf("deployed network")).toBeLessThan(deployed.out.indexOf("deployed web"));
    expect(deployed.out).toContain("Place  10.1.0.0/16");
    expect(await stacksThere()).toEqual(["network", "web"]);
    expect((await run("plan", "--detailed-exitcode")).code).toBe(0);

    writeApp(APP.replace("10.1.1.0/24", "10.1.2.0/24"));
    const changed = await run("diff", "web", "--detailed-exitcode");
    expect(changed.code).toBe(2);
    expect(changed.out).toMatch(/± Subnet +Front +subnet-\w+…? +CIDRBlock +"10[.]1[.]1[.]0\/24" -> .* app[.]ts:6\n/);
    expect(changed.out).toContain("Apply with: cloudstack deploy web");

    const destroyed = await run("destroy", "--yes");
    expect(destroyed.code).toBe(0);
    expect(destroyed.out.indexOf("destroyed web")).toBeLessThan(destroyed.out.indexOf("destroyed network"));
    expect((await run("destroy", "--yes")).out).toContain("Nothing of this app is deployed.");
  });

  test("gives programs one answer for all of its stacks, and takes context from the command line", async () => {
    writeApp();
    const context = ["--context", "queue=others"];
    const { stacks } = await json<{ stacks: { stack: string; status: string }[] }>("deploy", "--yes", ...context);
    expect(stacks).toMatchObject([
      { stack: "network", status: "deployed" },
      { stack: "web", status: "deployed", outputs: { Place: { value: "10.1.0.0/16" } } },
    ]);
    const { resources } = await json<{ resources: { id: string }[] }>("resources", "--type", "Queue");
    expect(resources).toMatchObject([{ id: "others", properties: { Labels: { team: "shop" } } }]);
  });

  test("is synthesized to a folder that can be deployed later, without the app", async () => {
    writeApp();
    const synthesized = await json<{ stacks: { name: string; dependencies: string[] }[] }>("synth");
    expect(synthesized.stacks).toMatchObject([
      { name: "network", dependencies: [] },
      { name: "web", dependencies: ["network"] },
    ]);
    write("app.ts", "throw new Error('nobody runs this');");
    expect((await run("deploy", "cloudstack.out", "--yes")).out).toContain("deployed web (serial 1)");
    expect((await run("destroy", "network", "--yes")).code).toBe(1);
    expect(await stacksThere()).toEqual(["network", "web"]);
  });

  test("has each of its failures told with what to do", async () => {
    expect((await run("plan")).err).toContain("There is no cloudstack.json in this folder, and no template was named.");
    project({ app: "no-such-program app.ts" });
    expect((await run("plan")).err).toContain("The app's command was not found: no-such-program app.ts");
    writeApp("throw new Error('too early');");
    const failed = await run("deploy", "--yes");
    expect(failed.code).toBe(1);
    expect(failed.err).toContain("Error: too early");
    expect(failed.err).toMatch(/error: The app failed: .*tsx app.ts ended with exit code 1[.]\n {2}What it said/);
    writeApp(APP.replace("app.synth();", ""));
    expect((await run("synth")).err).toContain("error: The app wrote nothing to cloudstack.out");
    writeApp();
    expect((await run("plan", "wob")).err).toContain('The app has no stack "wob".\n  It has: network, web.');
    expect((await run("plan", "--out", "kept.json")).err).toContain("--out keeps one plan.");
    project({ app: "node app.js", outptu: "x" });
    expect((await run("synth")).err).toContain('cloudstack.json has no setting "outptu".');
    project({});
    expect((await run("synth")).err).toContain("cloudstack.json does not say how to run the app.");
    write("cloudstack.json", "{");
    expect((await run("synth")).err).toContain("cloudstack.json is not JSON");
  });
});

test("watch deploys a template again whenever it is saved", async () => {
  const template = (timeout: number) =>
    `Resources:\n  Jobs: {Type: Queue, Properties: {Name: jobs, VisibilityTimeout: ${timeout}}}\n`;
  write("web.yaml", template(30));
  const server = await startServer(folder.path);
  const watching = begin(["watch", "web.yaml"], folder.path);
  const until = async (text: string) => {
    while (!watching.printed().includes(text)) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  await until("deployed web (serial 1)");
  await until("watching this folder");
  write("web.yaml", template(60));
  await until("deployed web (serial 2)");
  watching.interrupt();
  expect((await watching.ended).code).toBe(0);
  await server.end("SIGTERM");
});

/** What the CDK's synthesis of one stack with two assets leaves, as far as a deployment reads it. */
function writeCdkOut(): void {
  const files = (name: string, packaging: string, hash: string) => ({
    [hash]: {
      source: { path: name, packaging },
      destinations: {
        here: { bucketName: "cdk-assets-${AWS::AccountId}-${AWS::Region}", objectKey: `${hash}.bin` },
      },
    },
  });
  const assets = { files: { ...files("asset.one", "zip", "one"), ...files("asset.two", "file", "two") } };
  const template = {
    Resources: { Files: { Type: "AWS::S3::Bucket", Properties: { BucketName: "files" } } },
    Parameters: { BootstrapVersion: { Type: "AWS::SSM::Parameter::Value<String>", Default: "/cdk-bootstrap/version" } },
    Rules: {
      CheckBootstrapVersion: {
        Assertions: [{ Assert: { "Fn::Not": [{ "Fn::Contains": [["1"], { Ref: "BootstrapVersion" }] }] } }],
      },
    },
  };
  const manifest = {
    version: "48.0.0",
    artifacts: {
      "Shop.assets": { type: "cdk:asset-manifest", properties: { file: "Shop.assets.json" } },
      Shop: {
        type: "aws:cloudformation:stack",
        environment: "aws://unknown-account/unknown-region",
        properties: { templateFile: "Shop.template.json", tags: { team: "shop" } },
        dependencies: ["Shop.assets"],
      },
      Tree: { type: "cdk:tree", properties: { file: "tree.json" } },
    },
  };
  write("cdk.out/manifest.json", JSON.stringify(manifest));
  write("cdk.out/Shop.assets.json", JSON.stringify(assets));
  write("cdk.out/Shop.template.json", JSON.stringify(template, null, 1));
  write("cdk.out/asset.one/index.js", "exports.handler = () => 1;\n");
  write("cdk.out/asset.one/lib/more.js", "x".repeat(10_000));
  write("cdk.out/asset.two", "a file");
}

test.each(["with a server", "without one"])("a synthesized CDK app is deployed, with its assets, %s", async (how) => {
  writeCdkOut();
  const early = how === "with a server" ? await startServer(folder.path) : undefined;
  expect(await run("deploy", "cdk.out", "--yes")).toMatchObject({ code: 0, err: "" });
  expect((await run("plan", "cdk.out", "--detailed-exitcode")).code).toBe(0);
  const server = early ?? (await startServer(folder.path));
  const bucket = `${server.endpoint}/cdk-assets-000000000000-us-east-1`;
  const headers = { authorization: "AWS4-HMAC-SHA256 Credential=000000000000/20300101/us-east-1/s3/aws4_request" };
  expect(await (await fetch(`${bucket}/two.bin`, { headers })).text()).toBe("a file");
  const archive = Buffer.from(await (await fetch(`${bucket}/one.bin`, { headers })).arrayBuffer());
  const packed = [...zipFiles(archive)].map(([name, content]) => [name, content().length]);
  expect(packed).toEqual([
    ["index.js", 27],
    ["lib/more.js", 10_000],
  ]);
  await server.end("SIGTERM");
});
