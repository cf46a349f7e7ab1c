import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { openEngine } from "../../compose.ts";
import { saveState } from "../../gateway/state.ts";
import { newClone, type Clone } from "../../testing/clone.ts";
import type { Report } from "../formats/report.ts";
import { createOutput } from "../output.ts";
import { preview } from "./preview.ts";
import type { PreviewRequest } from "./work.ts";

const BASE = `
Parameters:
  Hidden: { Type: Number, Default: 30 }
Resources:
  Net: { Type: VPC, Properties: { CIDRBlock: 10.42.0.0/16 } }
  Front: { Type: Subnet, Properties: { VpcID: !Ref Net, CIDRBlock: 10.42.1.0/24 } }
  Jobs: { Type: Queue, Properties: { Name: jobs, VisibilityTimeout: !Ref Hidden } }
`;
const REPLACED = BASE.replace("10.42.1.0", "10.42.2.0");
const silent = { write: () => undefined };
const STORAGE = { store: "sqlite", durability: "full", logLevel: "error" } as const;
const SCOPE = { account: "000000000000", region: "us-east-1" };

function clone(): Clone {
  const made = newClone();
  onTestFinished(() => made.remove());
  return made;
}

/** A clone with a template on `main`, and another one on `feature`, which is checked out. */
function changed(before: string, after: string): Clone {
  const made = clone();
  made.write("web.yaml", before);
  made.commit("before");
  made.git("checkout", "-qb", "feature");
  made.write("web.yaml", after);
  made.commit("after");
  return made;
}

function previewed(directory: string, request: Partial<PreviewRequest> = {}, environment = {}): Promise<Report> {
  const output = createOutput("json", { out: silent, err: silent }, {});
  const options = { ...STORAGE, dataDirectory: join(directory, ".cloudstacks") };
  const { CI_MERGE_REQUEST_DIFF_BASE_SHA: _gitlab, GITHUB_BASE_REF: _github, ...own } = process.env;
  const where = { directory, environment: { ...own, ...environment } };
  return preview(output, options, { words: ["web.yaml"], parameter: {}, ...request }, where);
}

const actions = ({ stacks }: Report) =>
  Object.fromEntries((stacks[0]?.plan?.changes ?? []).map(({ logicalId, action }) => [logicalId, action]));

function emptyFolder(): string {
  const path = mkdtempSync(join(tmpdir(), "cloudstacks-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** What every file of a folder holds. */
const digests = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .map((file) => [file, createHash("sha256").update(readFileSync(file)).digest("hex")]),
  );

/** A data directory in which a template is deployed, and a snapshot of it. */
async function recorded(template: string): Promise<{ dataDirectory: string; file: string }> {
  const dataDirectory = emptyFolder();
  const file = join(emptyFolder(), "shop.snapshot");
  const engine = await openEngine({ ...STORAGE, dataDirectory });
  const source = { file: "web.yaml", text: template };
  const { status } = await engine.stacks.deploy({ scope: SCOPE, stack: "web", source });
  expect(status).toBe("deployed");
  await saveState(engine, file);
  await engine.close();
  return { dataDirectory, file };
}

describe("a preview of a template", () => {
  test("compares with what deploying the base leads to", async () => {
    const report = await previewed(changed(BASE, REPLACED).root);
    expect(actions(report)).toEqual({ Net: "none", Front: "replace", Jobs: "none" });
    expect(report).toMatchObject({ kind: "preview", subject: "web.yaml", stacks: [{ stack: "web", diagnostics: [] }] });
    expect(report.base).toMatch(/^main \([0-9a-f]{7}\)$/);
    expect(report.head).toMatch(/^feature \([0-9a-f]{7}\)$/);
    expect(report.stacks[0]?.plan?.changes[1]?.properties).toMatchObject([
      { path: "CIDRBlock", old: "10.42.1.0/24", new: "10.42.2.0/24", forcesReplacement: true },
    ]);
  });

  test("is the same in every run but for the time it takes", async () => {
    const { root } = changed(BASE, REPLACED);
    const [{ elapsedMs: _first, ...first }, { elapsedMs: _second, ...second }] = [
      await previewed(root),
      await previewed(root),
    ];
    expect(second).toEqual(first);
  });

  test("applies the change on the fork when that is wanted, and tells the operations", async () => {
    const report = await previewed(changed(BASE, REPLACED).root, { apply: true });
    expect(report.stacks[0]?.result).toMatchObject({ status: "deployed", serial: 2 });
    expect(report.stacks[0]?.steps).toMatchObject([{ logicalId: "Front", action: "replace", status: "done" }]);
    expect(report.operations).toContainEqual({
      cloud: "native",
      service: "networks",
      operation: "Subnet.create",
      resource: "web/Front",
      count: 1,
    });
  });

  test("tells what fails when it is applied, which the plan cannot know", async () => {
    const taken = `${BASE}  Uploads: { Type: AWS::S3::Bucket, Properties: { BucketName: jobs } }
  Other: { Type: Bucket, DependsOn: Uploads, Properties: { Name: jobs } }
`;
    const report = await previewed(changed(BASE, taken).root, { apply: true });
    expect(report.stacks[0]?.result?.status).toBe("rolled-back");
    expect(report.stacks[0]?.steps).toMatchObject([
      { logicalId: "Uploads", status: "undone" },
      { logicalId: "Other", status: "failed" },
    ]);
  });

  test("leaves what came to the base since the two have parted out", async () => {
    const made = changed(BASE, REPLACED);
    made.git("checkout", "-q", "main");
    made.write("web.yaml", BASE.replace("Name: jobs", "Name: others"));
    made.commit("meanwhile");
    made.git("checkout", "-q", "feature");
    expect(actions(await previewed(made.root))).toEqual({ Net: "none", Front: "replace", Jobs: "none" });
  });

  test("takes any two commits", async () => {
    const made = changed(BASE, REPLACED);
    made.write("web.yaml", "this is checked out nowhere");
    const report = await previewed(made.root, { base: "main", head: "feature" });
    expect(actions(report)).toEqual({ Net: "none", Front: "replace", Jobs: "none" });
    expect(made.git("status", "--porcelain")).toBe("M web.yaml");
  });

  test("creates everything when the base has no such template", async () => {
    const made = changed(BASE, `${BASE}# later`);
    made.write("new.yaml", REPLACED);
    expect(actions(await previewed(made.root, { words: ["new.yaml"] }))).toEqual({
      Net: "create",
      Front: "create",
      Jobs: "create",
    });
  });

  test("gives a parameter to the versions that declare it", async () => {
    const without = BASE.replace("!Ref Hidden", "30").replace(/Parameters:\n.*\n/, "");
    const report = await previewed(changed(without, BASE).root, { parameter: { Hidden: "60" } });
    expect(report.stacks[0]?.plan?.changes[2]?.properties).toMatchObject([
      { path: "VisibilityTimeout", old: 30, new: 60 },
    ]);
  });

  test("tells what is wrong with the change, and does without a plan", async () => {
    const report = await previewed(changed(BASE, BASE.replace("CIDRBlock: 10.42.0.0/16", "CidrBlock: x")).root);
    expect(report.stacks[0]?.plan).toBeUndefined();
    expect(report.stacks[0]?.diagnostics).toContainEqual(expect.objectContaining({ code: "CS1203", file: "web.yaml" }));
  });

  test("needs a base that can be deployed", async () => {
    await expect(previewed(changed(BASE.replace("10.42.1.0", "10.43.1.0"), BASE).root)).rejects.toThrow(
      /^main \([0-9a-f]{7}\) cannot be deployed, so there is nothing to compare with: web is /,
    );
  });

  test("takes the base that CI names, and says what to fetch when it is not there", async () => {
    const { root } = changed(BASE, REPLACED);
    await expect(previewed(root, {}, { GITHUB_BASE_REF: "release" })).rejects.toMatchObject({
      message: 'There is no commit "origin/release" in this clone.',
      cure: [
        "Fetch it first: git fetch origin release",
        "In GitHub Actions: actions/checkout with fetch-depth: 0. In GitLab CI: GIT_DEPTH: 0.",
      ],
    });
  });
});

describe("a preview of a recorded state", () => {
  test("reads a snapshot's file", async () => {
    const { file } = await recorded(BASE);
    const made = changed("unused: true", REPLACED);
    const report = await previewed(made.root, { from: file, apply: true });
    expect(actions(report)).toEqual({ Net: "none", Front: "replace", Jobs: "none" });
    expect(report.state).toBe(`snapshot ${file}`);
    expect(report.stacks).toMatchObject([{ result: { status: "deployed", serial: 2 } }]);
    expect(report.base).toBeUndefined();
  });

  test("reads a snapshot from an address, and shows it without what is secret of it", async () => {
    const { file } = await recorded(BASE);
    const server = createServer((request, response) => {
      response.writeHead(request.url === "/shop?signature=secret" ? 200 : 404).end(readFileSync(file));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { root } = changed(BASE, REPLACED);
    const report = await previewed(root, { from: `${address}/shop?signature=secret` });
    expect(report.state).toBe(`snapshot ${address}/shop`);
    expect(actions(report)).toMatchObject({ Front: "replace" });
    await expect(previewed(root, { from: `${address}/else?signature=secret` })).rejects.toThrow(
      `${address}/else cannot be read: 404 Not Found`,
    );
  });

  test("leaves a data directory as it is, byte for byte", async () => {
    const { dataDirectory } = await recorded(BASE);
    const before = digests(dataDirectory);
    const { root } = changed(BASE, REPLACED);
    const report = await previewed(root, { from: dataDirectory, apply: true });
    expect(report.stacks[0]?.result).toMatchObject({ status: "deployed", serial: 2 });
    expect(digests(dataDirectory)).toEqual(before);
  });

  test("needs no repository, and refuses what is no state", async () => {
    const { file } = await recorded(BASE);
    const made = changed(BASE, REPLACED);
    const folder = emptyFolder();
    made.git("clone", "-q", "--no-local", made.root, join(folder, "copy"));
    rmSync(join(folder, "copy/.git"), { recursive: true });
    expect(actions(await previewed(join(folder, "copy"), { from: file }))).toMatchObject({ Front: "replace" });
    const from = (state: string) => previewed(join(folder, "copy"), { from: state });
    await expect(from("web.yaml")).rejects.toThrow("is not a CloudStacks snapshot");
    await expect(from("nothing")).rejects.toThrow("There is no file and no folder nothing.");
    await expect(from(".")).rejects.toThrow(". is no data directory: it has no store.sqlite.");
    await expect(previewed(join(folder, "copy"))).rejects.toThrow("is in no git repository");
  });
});
