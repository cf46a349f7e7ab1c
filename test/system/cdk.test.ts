import { execFile } from "node:child_process";
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect, onTestFinished, test } from "vitest";
import { CloudStacks } from "../../engine/embedded/cloud-stacks.ts";
import { contentsOf } from "./kit/cloud-contents.ts";
import { cloudstack, emptyFolder, ROOT } from "./kit/cloudstack.ts";
import { installedPackages } from "./kit/installed-packages.ts";

// Apps of the CDK's own library, not of what somebody thinks that it writes.

const modules = await installedPackages("aws-cdk-lib-2.276.0", { "aws-cdk-lib": "2.276.0", constructs: "10.8.1" });
const isMissing = modules === undefined;
const SETTINGS = '{ "colour": "blue" }\n';

/** A folder with the app, what it uploads and its library. */
function project(): string {
  const { path, remove } = emptyFolder();
  onTestFinished(remove);
  cpSync(join(ROOT, "test/system/cdk/app.mjs"), join(path, "app.mjs"));
  symlinkSync(modules ?? "", join(path, "node_modules"));
  mkdirSync(join(path, "site"));
  writeFileSync(join(path, "site/index.html"), "<h1>Shop</h1>\n");
  writeFileSync(join(path, "settings.json"), SETTINGS);
  return path;
}

async function started() {
  const cloud = await CloudStacks.start({ frozenAt: "2030-01-01T00:00:00Z", seed: 7 });
  onTestFinished(() => cloud.stop());
  return cloud;
}

/** Runs the app as its author does: what it writes is in `cdk.out`. */
async function synthesized(): Promise<string> {
  const folder = project();
  const env = { ...process.env, CDK_OUTDIR: "cdk.out" };
  await promisify(execFile)(process.execPath, ["app.mjs"], { cwd: folder, env });
  return folder;
}

test.skipIf(isMissing)("cdk.out is deployed with assets, exports, stages and nested stacks", async () => {
  const folder = await synthesized();
  const cloud = await started();
  const run = (...words: string[]) => cloudstack(words, folder, cloud.env());
  expect(await run("plan", "cdk.out")).toMatchObject({ code: 0, err: "" });
  expect(await cloud.resources()).toEqual([]);

  const deployed = await run("deploy", "cdk.out", "--yes");
  expect(deployed).toMatchObject({ code: 0, err: "" });
  expect(deployed.out).toMatch(/[+] AWS::SQS::Queue +MoreNestedStack\w+[/]Late\w+ /);
  expect(await run("plan", "cdk.out", "--detailed-exitcode")).toMatchObject({ code: 0 });
  const outputs = await cloud.outputs("work");
  expect(outputs).toMatchObject({ FilesName: expect.stringMatching(/^storage-files/) as string });
  const [, bucket, key] = /^s3:[/]{2}([^/]+)[/](.+)$/.exec(String(outputs?.["SettingsUrl"])) ?? [];
  expect(bucket).toBe("cdk-hnb659fds-assets-000000000000-us-east-1");
  const { Body } = await cloud.client(S3Client).send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  expect(await Body?.transformToString()).toBe(SETTINGS);

  expect(await run("destroy", "cdk.out", "--yes")).toMatchObject({ code: 0 });
  expect((await cloud.resources()).map(({ id }) => id)).toEqual([bucket]);
});

test.skipIf(isMissing)("as a part of an app of constructs it makes the same", async () => {
  const folder = await synthesized();
  const constructs = JSON.stringify(join(ROOT, "constructs/src/index.ts"));
  writeFileSync(
    join(folder, "around.ts"),
    `import { App, IncludedCdkApp } from ${constructs};
const app = new App();
new IncludedCdkApp(app, "Cdk", { directory: "cdk.out" });
app.synth();
`,
  );
  const tsx = join(ROOT, "node_modules/.bin/tsx");
  writeFileSync(join(folder, "cloudstack.json"), JSON.stringify({ app: `${tsx} around.ts` }));
  const [direct, included] = [await started(), await started()];
  expect(await cloudstack(["deploy", "cdk.out", "--yes"], folder, direct.env())).toMatchObject({ code: 0 });
  expect(await cloudstack(["deploy", "--yes"], folder, included.env())).toMatchObject({ code: 0 });
  expect(await contentsOf(included)).toEqual(await contentsOf(direct));
  expect(await cloudstack(["plan", "--detailed-exitcode"], folder, included.env())).toMatchObject({ code: 0 });
});

test.skipIf(isMissing)("cloudstack.json runs such an app unchanged; what there is not is refused by name", async () => {
  const folder = project();
  writeFileSync(join(folder, "cloudstack.json"), JSON.stringify({ app: "node app.mjs", output: "cdk.out" }));
  const cloud = await started();
  const run = (...words: string[]) => cloudstack(words, folder, cloud.env());
  const refused = await run("deploy", "unbuilt", "--yes", "--context", "unbuilt=1");
  expect(refused.code).toBe(1);
  expect(refused.err).toContain('unknown resource type "Custom::S3AutoDeleteObjects"');
  expect(await cloud.resources()).toEqual([]);
  expect(await run("deploy", "storage", "--yes")).toMatchObject({ code: 0 });
  expect((await cloud.resources()).map(({ type }) => type)).toContain("AWS::CDK::Metadata");
});
