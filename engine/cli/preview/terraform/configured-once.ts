import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isConfiguration } from "../../terraform/configuration.ts";

/** `provider "aws" {`, and in JSON `"provider": {`. */
const PROVIDER = /\bprovider\s+"?([\w-]+)"?\s*\{|"provider"\s*:/g;
const ALIAS = /\b(alias|configuration_aliases)"?\s*[=:]/;
/** A module's own name for the provider. */
const RENAMED = /(?<![\w"])"?(?!aws\b)[\w-]+"?\s*[=:]\s*\{[^{}]*"([\w.-]+\/)?hashicorp\/aws"/;

/**
 * Whether it is sure that a root module and its modules give the AWS provider a single configuration. A process that
 * Terraform does not start itself holds only one: with two, the first would work in the region of the second.
 */
export function isConfiguredOnce(folder: string): boolean {
  const texts = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter(isConfiguration)
    .map((file) => readFileSync(join(folder, file), "utf8"));
  if (texts.some((text) => ALIAS.test(text) || RENAMED.test(text))) return false;
  const blocks = texts.flatMap((text) => [...text.matchAll(PROVIDER)].map(([, name = "aws"]) => name));
  return blocks.filter((name) => name === "aws").length <= 1;
}
