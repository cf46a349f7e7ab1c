import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { newClone, type Clone } from "../../engine/testing/clone.ts";
import { cloudstack, emptyFolder, ROOT } from "./kit/cloudstack.ts";
import { linkPackages } from "./kit/linked-project.ts";
import { isTerraformMissing } from "./kit/terraform.ts";
import { terraformMirror } from "./kit/terraform-mirror.ts";

// The same system in each form, and five changes of it. What stands in examples/ci as comment.md is what is posted.

const EXAMPLES = join(ROOT, "examples/ci");

const FORMS = [
  { form: "template", what: "shop.yaml" },
  { form: "app", what: "shop" },
  { form: "terraform", what: "shop" },
] as const;

/** 1 for what fails when it is applied, 3 for what a policy does not let pass. */
const CHANGES = [
  { change: "add", code: 0 },
  { change: "change", code: 0 },
  { change: "replace", code: 3 },
  { change: "fail", code: 1 },
  { change: "violate", code: 3 },
] as const;

/** A clone with the base on `main` and the change on a branch of its own. */
function cloneOf(form: string, change: string): Clone {
  const clone = newClone();
  onTestFinished(() => clone.remove());
  cpSync(join(EXAMPLES, form, "base"), clone.root, { recursive: true });
  clone.write(".gitignore", "node_modules\ncloudstack.out\n");
  clone.commit("base");
  clone.git("checkout", "-qb", change);
  cpSync(join(EXAMPLES, form, change), clone.root, { recursive: true, filter: (path) => !path.endsWith("comment.md") });
  clone.commit(change);
  if (form === "app") linkPackages(clone.root);
  return clone;
}

/** Neither credentials nor a network: what is not on this machine is asked for at an address that nobody has. */
function offline(): Record<string, string> {
  const { path, remove } = emptyFolder();
  onTestFinished(remove);
  const configuration = join(path, "terraform.rc");
  const mirror = JSON.stringify(terraformMirror() ?? "");
  writeFileSync(configuration, `provider_installation {\n  filesystem_mirror {\n    path = ${mirror}\n  }\n}\n`);
  return {
    TF_CLI_CONFIG_FILE: configuration,
    HOME: path,
    AWS_PROFILE: "",
    AWS_ACCESS_KEY_ID: "",
    AWS_SECRET_ACCESS_KEY: "",
    HTTP_PROXY: "http://127.0.0.1:9",
    HTTPS_PROXY: "http://127.0.0.1:9",
    NO_PROXY: "127.0.0.1,localhost",
    npm_config_offline: "true",
  };
}

/** How long something took differs from run to run. */
const withoutTimes = (markdown: string): string => markdown.replaceAll(/\b\d+(\.\d+)? (ms|s|min)\b/g, "<time>");

/** What every file of a clone holds, but git's own. */
const filesOf = (root: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !/node_modules|\.git\/|cloudstack\.out/.test(join(entry.parentPath, entry.name)))
      .map(({ parentPath, name }) => [join(parentPath, name), readFileSync(join(parentPath, name), "utf8")]),
  );

describe.each(FORMS)("a preview of the $form", ({ form, what }) => {
  describe.skipIf(form === "terraform" && isTerraformMissing)("without credentials or a network", () => {
    test.each(CHANGES)("tells what to $change would do", async ({ change, code }) => {
      const clone = cloneOf(form, change);
      const before = filesOf(clone.root);
      const { path: own, remove } = emptyFolder();
      onTestFinished(remove);
      const comment = join(own, "comment.md");
      const ran = await cloudstack(["preview", what, "--apply", "--out-file", comment], clone.root, offline());
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
