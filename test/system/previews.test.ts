import { existsSync, readdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { delimiter, join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { newClone, type Clone } from "../../engine/testing/clone.ts";
import { begin, cloudstack, emptyFolder } from "./kit/cloudstack.ts";
import { CHANGES, cloneOf, EXAMPLES, FORMS, offline } from "./kit/proposed-changes.ts";
import { isTerraformMissing } from "./kit/terraform.ts";

// The same system in each form, and five changes of it. What stands in examples/ci as comment.md is what is posted.

/** A folder that goes with the test. */
function ownFolder(): string {
  const { path, remove } = emptyFolder();
  onTestFinished(remove);
  return path;
}

function proposed(form: string, change: string): Clone {
  const clone = cloneOf(form, change);
  onTestFinished(() => clone.remove());
  return clone;
}

/** How long something took differs from run to run. */
const withoutTimes = (markdown: string): string =>
  markdown.replaceAll(/\b\d+(\.\d+)? (ms|s|minutes?|hours?|days?)\b/g, "<time>");

/** What every file of a clone holds, but git's own. */
const filesOf = (root: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .filter((file) => !/node_modules|\.git\/|cloudstack\.out/.test(file))
      .map((file) => [file, readFileSync(file, "utf8")]),
  );

describe.each(FORMS)("a preview of the $form", ({ form, what }) => {
  describe.skipIf(form === "terraform" && isTerraformMissing)("without credentials or a network", () => {
    test.each(CHANGES)("tells what to $change would do", async ({ change, code }) => {
      const clone = proposed(form, change);
      const before = filesOf(clone.root);
      const comment = join(ownFolder(), "comment.md");
      const args = ["preview", what, "--apply", "--out-file", comment];
      const ran = await cloudstack(args, clone.root, offline(ownFolder()));
      expect(ran).toMatchObject({ code });
      await expect(withoutTimes(readFileSync(comment, "utf8"))).toMatchFileSnapshot(
        join(EXAMPLES, form, change, "comment.md"),
      );
      expect(filesOf(clone.root)).toEqual(before);
      expect(existsSync(join(clone.root, ".cloudstacks"))).toBe(false);
      expect(clone.git("status", "--porcelain")).toBe("");
    });
  });
});

describe.skipIf(isTerraformMissing)("a preview of what Terraform keeps elsewhere", () => {
  const old = { value: "old", type: "string" };
  const attributes = { id: "n-1", input: old, output: old, triggers_replace: null };
  /** As Terraform writes it. */
  const state = JSON.stringify({
    version: 4,
    terraform_version: "1.5.0",
    serial: 3,
    lineage: "5e1d6a3c-1111-4222-8333-9444aa55bb66",
    outputs: {},
    resources: [
      {
        mode: "managed",
        type: "terraform_data",
        name: "note",
        provider: 'provider["terraform.io/builtin/terraform"]',
        instances: [{ schema_version: 0, attributes }],
      },
    ],
  });

  function changed(): Clone {
    const clone = newClone();
    onTestFinished(() => clone.remove());
    clone.write("notes/main.tf", 'resource "terraform_data" "note" {\n  input = "new"\n}\n');
    clone.commit("base");
    return clone;
  }

  const previewOf = (clone: Clone, from: string, ...more: string[]) =>
    cloudstack(["preview", "notes", "--from", from, "--format", "json", ...more], clone.root, offline(ownFolder()));

  test("begins with the state's file, which stays as it is, and says what it does not know", async () => {
    const clone = changed();
    clone.write("terraform.tfstate", state);
    const { code, out, err } = await previewOf(clone, "terraform.tfstate");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(JSON.parse(out)).toMatchObject({
      state: "state terraform.tfstate",
      stacks: [{ plan: { changes: [{ logicalId: "terraform_data.note", action: "update" }] } }],
      notes: ["What the state speaks of was not looked at, so that no drift is told"],
    });
    expect(readFileSync(join(clone.root, "terraform.tfstate"), "utf8")).toBe(state);
    const applied = await previewOf(clone, "terraform.tfstate", "--apply");
    expect(applied.code).toBe(1);
    expect(applied.err).toContain("--apply needs what the state speaks of");
  });

  test("begins with what an HTTP backend answers to a user's name and password, and shows neither", async () => {
    const clone = changed();
    const heard: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      heard.push(request.headers.authorization);
      response.writeHead(request.url === "/states/notes" ? 200 : 404).end(state);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { out, err: nothing } = await previewOf(clone, `http://me:se%20cret@${host}/states/notes`);
    expect(nothing).toBe("");
    expect(JSON.parse(out)).toMatchObject({ state: `state http://${host}/states/notes` });
    expect(heard).toEqual([`Basic ${Buffer.from("me:se cret").toString("base64")}`]);
    const { err } = await previewOf(clone, `http://me:se%20cret@${host}/states/others`);
    expect(err).toContain(`http://${host}/states/others cannot be read: 404 Not Found`);
    expect(err).not.toContain("cret");
  });
});

test("a preview that is interrupted leaves none of its checkouts, and no Terraform behind", async () => {
  const clone = newClone();
  onTestFinished(() => clone.remove());
  clone.write("shop/main.tf", "");
  clone.commit("base");
  const [programs, temporary] = [ownFolder(), realpathSync(ownFolder())];
  const begun = join(programs, "begun");
  // One that goes on until it is ended.
  writeFileSync(join(programs, "terraform"), `#!/bin/sh\necho $$ > ${begun}\nexec sleep 600\n`, { mode: 0o755 });
  const PATH = [programs, process.env["PATH"]].join(delimiter);
  const preview = begin(["preview", "shop"], clone.root, { PATH, TMPDIR: temporary });
  const child = await vi.waitFor(() => {
    const id = Number(readFileSync(begun, "utf8"));
    expect(id).toBeGreaterThan(1);
    return id;
  }, 60_000);
  const checkouts = () => readdirSync(temporary).filter((name) => name.startsWith("cloudstacks-preview-"));
  expect(checkouts()).toHaveLength(1);
  preview.interrupt();
  expect((await preview.ended).code).toBe(130);
  expect(checkouts()).toEqual([]);
  await vi.waitFor(() => expect(() => process.kill(child, 0)).toThrow("ESRCH"), 10_000);
});
