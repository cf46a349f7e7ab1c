import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { readTextIfPresent, writeTextAtomically } from "../../platform/files.ts";
import { readShippedFile } from "../../platform/shipped-files.ts";
import { VERSION } from "../../platform/version.ts";
import { Failure } from "../failure.ts";
import type { Output } from "../output.ts";

const SHIM = "../terraform-provider-shim/terraform-provider-cloudstacks.mjs";
const REGISTRIES = { terraform: "registry.terraform.io", tofu: "registry.opentofu.org" };
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64", ia32: "386", arm: "arm" };
const SYSTEMS = new Set<string>(["linux", "darwin", "freebsd"]);
const EXECUTABLE = 0o755;

/** `linux_amd64`, as Terraform names machines. */
function platformName(): string {
  const architecture = ARCHITECTURES[process.arch];
  if (SYSTEMS.has(process.platform) && architecture !== undefined) return `${process.platform}_${architecture}`;
  throw new Failure(`The provider cannot be installed on ${process.platform} ${process.arch}: it is a script.`, [
    "cloudstack terraform ARGS runs Terraform with the provider of the engine, without anything installed.",
  ]);
}

/**
 * Puts the provider where Terraform looks by itself, so that plain `terraform` finds it with no configuration. The same
 * version has the same bytes everywhere, as Terraform's lock files want it.
 */
export function installProvider(output: Output, tool: keyof typeof REGISTRIES): void {
  const name = `terraform-provider-cloudstacks_v${VERSION}`;
  const source = `${REGISTRIES[tool]}/cloudstacks/cloudstacks`;
  const file = join(homedir(), ".terraform.d", "plugins", source, VERSION, platformName(), name);
  const text = readShippedFile(SHIM).toString("utf8");
  const isThere = readTextIfPresent(file) === text;
  if (!isThere) writeTextAtomically(file, text, EXECUTABLE);
  const configuration = process.env.TF_CLI_CONFIG_FILE ?? join(homedir(), tool === "tofu" ? ".tofurc" : ".terraformrc");
  const isOverridden = existsSync(configuration) && readTextIfPresent(configuration)?.includes("provider_installation");
  output.answer({ file, version: VERSION, source, isNew: !isThere }, () =>
    [
      isThere ? `The provider is there already: ${file}` : `The provider is installed: ${file}`,
      '  in required_providers:  cloudstacks = { source = "cloudstacks/cloudstacks" }',
      "  it needs a running engine:  cloudstack start",
    ].join("\n"),
  );
  if (isOverridden === true)
    output.note(
      `${configuration} says itself where providers come from. ` +
        `Add ${join(homedir(), ".terraform.d", "plugins")} to it as a filesystem_mirror.`,
    );
}
