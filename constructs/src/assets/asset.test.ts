import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { App, Asset, Resource, Stack } from "../index.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "constructs-assets-"));
  mkdirSync(join(folder, "site/pages"), { recursive: true });
  mkdirSync(join(folder, "site/node_modules"));
  writeFileSync(join(folder, "site/index.html"), "<h1>Hello</h1>");
  writeFileSync(join(folder, "site/pages/about.html"), "<h1>About</h1>");
  writeFileSync(join(folder, "site/node_modules/big.js"), "1");
  writeFileSync(join(folder, "rules.json"), "{}");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const RULES_HASH = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
const site = (stack: Stack, id = "Site") =>
  new Asset(stack, id, { path: join(folder, "site"), exclude: ["node_modules"] });

describe("an asset", () => {
  test("is copied to the output folder and named in the manifest of its stack", () => {
    const stack = new Stack(new App(), "Web");
    const [rules, pages] = [new Asset(stack, "Rules", { path: join(folder, "rules.json") }), site(stack)];
    new Resource(stack, "Page", { type: "Queue", properties: { Labels: { at: rules.s3Url } } });
    const { directory, stacks } = (stack.node.root as App).synth({ outdir: join(folder, "out") });

    const bucket = "cloudstacks-assets-${AWS::AccountId}-${AWS::Region}";
    expect(stacks[0]?.assets).toEqual([
      { id: RULES_HASH, path: `asset.${RULES_HASH}.json`, kind: "file", bucket, key: `${RULES_HASH}.json` },
      { id: pages.hash, path: `asset.${pages.hash}`, kind: "directory", bucket, key: `${pages.hash}.zip` },
    ]);
    expect(JSON.parse(readFileSync(join(directory, "manifest.json"), "utf8"))).toMatchObject({
      stacks: [{ name: "Web", template: "Web.template.json", assets: stacks[0]?.assets }],
    });
    expect(readFileSync(join(directory, `asset.${RULES_HASH}.json`), "utf8")).toBe("{}");
    expect(readFileSync(join(directory, `asset.${pages.hash}/pages/about.html`), "utf8")).toBe("<h1>About</h1>");
    expect(() => readFileSync(join(directory, `asset.${pages.hash}/node_modules/big.js`))).toThrow("ENOENT");
    expect(stack.toTemplate()["Resources"]).toMatchObject({
      Page: {
        Properties: {
          Labels: { at: { "Fn::Join": ["", ["s3://", { "Fn::Sub": bucket }, `/${RULES_HASH}.json`]] } },
        },
      },
    });
  });

  test("has another hash when a file has another name, another content or can be run", () => {
    const stack = new Stack(new App(), "Web");
    const hashes = new Set([site(stack, "First").hash, site(stack, "Same").hash]);
    expect(hashes.size).toBe(1);
    writeFileSync(join(folder, "site/index.html"), "<h1>Hello!</h1>");
    hashes.add(site(stack, "Changed").hash);
    writeFileSync(join(folder, "site/new.html"), "");
    hashes.add(site(stack, "More").hash);
    chmodSync(join(folder, "site/new.html"), 0o755);
    hashes.add(site(stack, "Runs").hash);
    expect(hashes.size).toBe(4);
  });

  test("must be there", () => {
    const stack = new Stack(new App(), "Web");
    expect(() => new Asset(stack, "None", { path: join(folder, "none") })).toThrow(
      `there is no file or folder ${join(folder, "none")}`,
    );
  });
});
