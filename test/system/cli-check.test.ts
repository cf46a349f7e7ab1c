import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ROOT } from "./kit/cloudstack.ts";
import { linkPackages } from "./kit/linked-project.ts";
import { ownFolder } from "./kit/own-folder.ts";

const { folder, run, json, write } = ownFolder();
const TSX = join(ROOT, "node_modules/.bin/tsx");
const CONSTRUCTS = join(ROOT, "constructs/src/index.ts");

const SITE = `Resources:
  Site:
    Type: AWS::S3::Bucket
    Properties:
      AccessControl: PublicRead
      VersioningConfiguration: {Status: Enabled}
      Tags: [{Key: team, Value: shop}]
`;
const FINE = SITE.replace("      AccessControl: PublicRead\n", "");

interface Checked {
  readonly kind: string;
  readonly findings: readonly { readonly rule: string; readonly file: string; readonly range: { line: number } }[];
}
const foundIn = ({ findings }: Checked) => findings.map(({ rule, file, range }) => `${rule} ${file}:${range.line}`);

describe("cloudstack check", () => {
  test("exits with 3 for findings, 0 without, 1 when nothing could be checked", async () => {
    write("site.yaml", SITE);
    const found = await run("check", "site.yaml");
    expect(found).toMatchObject({ code: 3, err: "" });
    expect(found.out).toContain("site  1 resource checked: 1 error");
    expect(foundIn(await json<Checked>("check", "site.yaml"))).toEqual(["public-access site.yaml:5"]);
    write("site.yaml", FINE);
    expect((await run("check", "site.yaml")).code).toBe(0);
    write("site.yaml", FINE.replace("Status:", "Statuss:"));
    const refused = await run("check", "site.yaml");
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('unknown property "Statuss"');
    write("site.yaml", FINE);
    const misspelt = await run("check", "site.yaml", "--policy", "polcy.yaml");
    expect(misspelt).toMatchObject({ code: 1 });
    expect(misspelt.err).toContain("There is no file polcy.yaml.");
  });

  test("counts from the severity that --fail-on names", async () => {
    write("site.yaml", "Resources: {Files: {Type: Bucket, Properties: {Labels: {team: shop}}}}\n");
    expect((await run("check", "site.yaml")).code).toBe(0);
    expect((await run("check", "site.yaml", "--fail-on", "warning")).code).toBe(3);
  });

  test("looks at a saved plan and at what a change does to data", async () => {
    write("site.yaml", "Resources: {Files: {Type: Bucket, Properties: {Name: old, Versioning: true}}}\n");
    expect((await run("deploy", "site.yaml", "--yes")).code).toBe(0);
    write("site.yaml", "Resources: {Files: {Type: Bucket, Properties: {Name: new, Versioning: true}}}\n");
    await run("plan", "site.yaml", "--out", "site.plan");
    const { out, code } = await run("check", "site.plan");
    expect(code).toBe(3);
    expect(out).toContain("Files is replaced, and its objects with it");
    const planned = await run("plan", "site.yaml", "--check", "--cost", "--detailed-exitcode");
    expect(planned.code).toBe(3);
    expect(planned.out).toContain("cost:  unknown (Files has no full price)");
    expect(planned.out).toContain("check: 1 error, 1 note");
  });

  test("finds the line of a program, in every stack of an app", async () => {
    write("cloudstack.json", JSON.stringify({ app: `${TSX} app.ts` }));
    write(
      "app.ts",
      `import { App, Resource, Stack } from ${JSON.stringify(CONSTRUCTS)};
const app = new App();
const one = new Stack(app, "one");
new Resource(one, "Open", { type: "AWS::S3::Bucket", properties: { AccessControl: "PublicRead" } });
const two = new Stack(app, "two");
new Resource(two, "Loud", { type: "AWS::SQS::Queue", properties: { SqsManagedSseEnabled: false } });
app.synth();
`,
    );
    const { findings } = await json<Checked>("check");
    const [open, , , loud] = findings;
    expect(open).toMatchObject({ rule: "public-access", stack: "one", file: "app.ts", range: { line: 4 } });
    expect(loud).toMatchObject({ rule: "unencrypted", stack: "two", file: "app.ts", range: { line: 6 } });
  });

  test("takes rules from TypeScript with the project's own tsx, and says what is missing without it", async () => {
    write("site.yaml", FINE);
    write(
      "rules.ts",
      `import type { Rule } from "@cloudstacks/engine/policy";
const rule: Rule = {
  name: "no-sites",
  severity: "warning",
  summary: "There are no sites.",
  check: ({ logicalId }) => (logicalId === "Site" ? { message: "a site", path: "Tags" } : undefined),
};
export default rule;
`,
    );
    const reads = spawnSync(process.execPath, ["-p", "Boolean(process.features.typescript)"]).stdout.toString().trim();
    if (reads === "false") {
      const without = await run("check", "site.yaml", "--policy", "rules.ts");
      expect(without.code).toBe(1);
      expect(without.err).toContain("rules.ts is TypeScript, which this Node");
    }
    linkPackages(folder.path);
    const checked = await json<Checked>("check", "site.yaml", "--policy", "rules.ts");
    expect(foundIn(checked)).toEqual(["no-sites site.yaml:6"]);
    const typed = spawnSync(join(ROOT, "node_modules/.bin/tsc"), ["--noEmit", "--module", "nodenext", "rules.ts"], {
      cwd: folder.path,
    });
    expect(typed.stdout.toString()).toBe("");
  });

  test("reads a plan that Terraform has shown", async () => {
    const change = { actions: ["create"], before: null, after: { bucket: "site", acl: "public-read" } };
    const resource = { address: "aws_s3_bucket.site", mode: "managed", type: "aws_s3_bucket", name: "site", change };
    write("plan.json", JSON.stringify({ format_version: "1.2", resource_changes: [resource] }));
    write("main.tf", '# the site\nresource "aws_s3_bucket" "site" {\n  bucket = "site"\n}\n');
    const { findings } = await json<Checked>("check", "plan.json");
    expect(findings[0]).toMatchObject({ rule: "public-access", resource: "aws_s3_bucket.site", file: "main.tf" });
    expect(findings[0]?.range.line).toBe(2);
  });
});

describe("cloudstack cost", () => {
  test("tells what a change costs, and refuses assumptions about what is not there", async () => {
    write("shop.yaml", "Resources: {Jobs: {Type: Queue}}\n");
    await run("deploy", "shop.yaml", "--yes");
    write("shop.yaml", "Resources: {Jobs: {Type: Queue}, More: {Type: Queue, Properties: {Fifo: true}}}\n");
    write("cost.yaml", "defaults: {Queue: {requests: 10000000}}\n");
    const { out, code } = await run("cost", "shop.yaml");
    expect(code).toBe(0);
    expect(out).toContain("shop  4.00 -> 9.00 USD a month (+5.00)");
    write("cost.yaml", "resources:\n  Jbos: {requests: 1}\n");
    const refused = await run("cost", "shop.yaml");
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('cost.yaml:2:3: there is no resource "Jbos"');
    expect(refused.err).toContain('did you mean "Jobs"?');
  });
});
