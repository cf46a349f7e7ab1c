import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { newClone, type Clone } from "../../../engine/testing/clone.ts";
import { ROOT } from "./cloudstack.ts";
import { linkPackages } from "./linked-project.ts";
import { terraformMirror } from "./terraform-mirror.ts";

export const EXAMPLES = join(ROOT, "examples/ci");

/** What a preview is given in each form of the example. */
export const FORMS = [
  { form: "template", what: "shop.yaml" },
  { form: "app", what: "shop" },
  { form: "terraform", what: "shop" },
] as const;

/** Exit codes: 1 for what fails when it is applied, 3 for what a policy does not let pass. */
export const CHANGES = [
  { change: "add", code: 0 },
  { change: "change", code: 0 },
  { change: "replace", code: 3 },
  { change: "fail", code: 1 },
  { change: "violate", code: 3 },
] as const;

/** A clone with the base on `main` and the change on a branch of its own. */
export function cloneOf(form: string, change: string): Clone {
  const clone = newClone();
  cpSync(join(EXAMPLES, form, "base"), clone.root, { recursive: true });
  clone.write(".gitignore", "node_modules\ncloudstack.out\n");
  clone.commit("base");
  clone.git("checkout", "-qb", change);
  cpSync(join(EXAMPLES, form, change), clone.root, { recursive: true, filter: (path) => !path.endsWith("comment.md") });
  clone.commit(change);
  if (form === "app") linkPackages(clone.root);
  return clone;
}

/**
 * The variables of somebody with neither credentials nor a network: what is not on this machine is asked for at an
 * address that nobody has. `home` is a folder of theirs.
 */
export function offline(home: string): Record<string, string> {
  const configuration = join(home, "terraform.rc");
  const mirror = JSON.stringify(terraformMirror() ?? "");
  writeFileSync(configuration, `provider_installation {\n  filesystem_mirror {\n    path = ${mirror}\n  }\n}\n`);
  return {
    TF_CLI_CONFIG_FILE: configuration,
    HOME: home,
    AWS_PROFILE: "",
    AWS_ACCESS_KEY_ID: "",
    AWS_SECRET_ACCESS_KEY: "",
    HTTP_PROXY: "http://127.0.0.1:9",
    HTTPS_PROXY: "http://127.0.0.1:9",
    NO_PROXY: "127.0.0.1,localhost",
    npm_config_offline: "true",
  };
}
