import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const HOST = "registry.terraform.io";
/** Where a mirror has the AWS provider. */
export const AWS_PROVIDER = join(HOST, "hashicorp", "aws");

/** What can hold no mirror, or only what a run of Terraform has left. */
const PASSED_BY = ["-path", "/proc", "-o", "-path", "/sys", "-o", "-path", "/dev", "-o", "-path", tmpdir()];
const LEFT_BY_RUNS = ["node_modules", ".terraform", ".git"].flatMap((name) => ["-o", "-name", name]);

/** The folder of a mirror that has the AWS provider, wherever this machine keeps one. Takes seconds. */
function search(): string | undefined {
  const pruned = ["(", ...PASSED_BY, ...LEFT_BY_RUNS, ")", "-prune"];
  const { stdout } = spawnSync("find", ["/", ...pruned, "-o", "-type", "d", "-name", HOST, "-print"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const mirrors = (stdout ?? "").split("\n").filter(Boolean).map(dirname);
  return mirrors.find((mirror) => existsSync(join(mirror, AWS_PROVIDER)));
}

/**
 * The mirror that Terraform takes providers from in tests, so that it never asks the network: the one that
 * `CLOUDSTACKS_TERRAFORM_MIRROR` names, else one that is found.
 */
export function terraformMirror(): string | undefined {
  // Kept where the processes of the other test files find it; empty when there is none.
  const known = (process.env["CLOUDSTACKS_TERRAFORM_MIRROR"] ??= search() ?? "");
  return existsSync(join(known, AWS_PROVIDER)) ? known : undefined;
}

/** Searches once, before the first test. */
export default function setup(): void {
  terraformMirror();
}
