import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { cloudstack } from "./kit/cloudstack.ts";
import { ownFolder } from "./kit/own-folder.ts";

const NET = `Parameters:
  Key: {Type: String, NoEcho: true, Default: none}
Resources:
  Net: {Type: VPC, Properties: {Name: net, CIDRBlock: 10.0.0.0/16, Labels: {key: !Ref Key}}}
  Front: {Type: Subnet, Properties: {VpcID: !Ref Net, CIDRBlock: 10.0.1.0/24}}
`;
const SECRET = ["--parameter", "Key=hush"];
const OVERLAPPING = `${NET}  Back: {Type: Subnet, Properties: {VpcID: !Ref Net, CIDRBlock: 10.0.1.0/25}}\n`;

const { folder, run, write } = ownFolder();
beforeEach(() => write("net.yaml", NET));

const read = (file: string) => readFileSync(join(folder.path, file), "utf8");

describe("a report", () => {
  test("goes to files in the formats of their names, beside the text for the log", async () => {
    const names = ["r.md", "r.sarif", "r.xml", "r.html", "r.mmd", "r.dot", "r.json"];
    const files = names.flatMap((name) => ["--out-file", name]);
    const { code, out, err } = await run("plan", "net.yaml", ...SECRET, ...files);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain("Apply with: cloudstack deploy net.yaml");
    expect(names.map((name) => read(name).split("\n")[0])).toEqual([
      "<!-- cloudstacks:plan:net -->",
      "{",
      '<?xml version="1.0" encoding="UTF-8"?>',
      "<!doctype html>",
      "%% Plan of net",
      'digraph "Plan of net" {',
      "{",
    ]);
    expect(JSON.parse(read("r.json"))).toMatchObject({ plan: { version: 1, stack: "net" }, diagnostics: [] });
    for (const name of names) expect(read(name)).not.toContain("hush");
  });

  test("of a template that is wrong says where, and the command fails as ever", async () => {
    write("net.yaml", NET.replace("CIDRBlock: 10.0.1.0/24", "CidrBlock: 10.0.1.0/24"));
    const { code, out } = await run("plan", "net.yaml", "--format", "sarif");
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      runs: [
        {
          results: [
            {
              ruleId: "CS1203",
              level: "error",
              locations: [
                { physicalLocation: { artifactLocation: { uri: "net.yaml" }, region: { startLine: 5 } } },
              ],
            },
          ],
        },
      ],
    });
  });

  test("of a deployment that fails has the failed resource as a failed case, and exits with 1", async () => {
    write("net.yaml", OVERLAPPING);
    const { code, out } = await run("deploy", "net.yaml", "--yes", "--format", "junit", "--out-file", "r.md");
    expect(code).toBe(1);
    expect(out).toMatch(/<testsuites name="Deployment of net" tests="4" failures="1"/);
    expect(out).toMatch(/<failure type="apply-failure" message="SubnetOverlaps: [^"]*">[^<]*\nnet\.yaml:6<\/failure>/);
    expect(read("r.md")).toContain("**failed and rolled back: it is as it was**");
  });

  test("of a drift fails the case of what was changed, and a destruction tells what went", async () => {
    await run("deploy", "net.yaml", "--yes");
    expect((await run("drift", "net", "--format", "markdown")).out).toContain("2 in sync");
    const { out } = await run("destroy", "net", "--yes", "--format", "markdown");
    expect(out).toMatch(/^<!-- cloudstacks:destroy:net -->\n## Destruction of net\n\ndestroyed · 2 deleted · took /);
  });

  test("in a job of GitLab may be as long as a comment there", async () => {
    const many = Array.from({ length: 1500 }, (_, index) => `  Queue${index}: {Type: Queue}`).join("\n");
    write("many.yaml", `Resources:\n${many}\n`);
    const plan = ["plan", "many.yaml", "--format", "markdown"];
    const elsewhere = await run(...plan);
    expect(elsewhere.out.length).toBeLessThanOrEqual(65_536);
    expect(elsewhere.out).toMatch(/so this one lacks \d+ resources\. All of it: `cloudstack plan many\.yaml/);
    const there = await cloudstack(plan, folder.path, { GITLAB_CI: "true" });
    expect(there.out).toContain("`many.yaml:1501`");
  });

  test("is refused by name where there is none, or no such format, before anything is done", async () => {
    expect((await run("stacks", "--format", "html")).err).toContain('cloudstack stacks has no format "html".');
    const noEnding = await run("deploy", "net.yaml", "--yes", "--out-file", "report");
    expect(noEnding.err).toContain("The name of report does not tell a format.\n  Let it end in .json, ");
    const noFolder = await run("deploy", "net.yaml", "--yes", "--out-file", "no/report.md");
    expect(noFolder.err).toContain("There is no folder no.");
    expect(readdirSync(folder.path)).toEqual(["net.yaml"]);
  });
});
