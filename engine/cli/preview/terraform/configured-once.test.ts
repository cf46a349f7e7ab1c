import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { isConfiguredOnce } from "./configured-once.ts";

const isOnce = (files: Readonly<Record<string, string>>): boolean => {
  const folder = mkdtempSync(join(tmpdir(), "cloudstacks-once-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  return isConfiguredOnce(folder);
};

const REQUIRED = 'terraform {\n  required_providers {\n    aws = {\n      source = "hashicorp/aws"\n    }\n  }\n}\n';
const ALIASED = 'provider "aws" {\n  alias = "eu"\n}\n';

test.each([
  ["no block", { "main.tf": REQUIRED }],
  ["one block", { "main.tf": `${REQUIRED}provider "aws" {}\n` }],
  ["blocks of others", { "main.tf": 'provider "aws" {}\nprovider "random" {}\n' }],
  ["a key's alias", { "main.tf": 'provider "aws" {}\nkey = "alias/aws/sns"\nalias {}\n' }],
  ["one block in JSON", { "cdk.tf.json": '{"provider": {"aws": [{"region": "eu-west-1"}]}}' }],
])("with %s it is configured once", (_, files) => {
  expect(isOnce(files)).toBe(true);
});

test.each([
  ["an alias", { "main.tf": `${REQUIRED}${ALIASED}` }],
  ["an alias in JSON", { "cdk.tf.json": '{"provider": {"aws": [{}, {"alias": "eu"}]}}' }],
  ["a block in a module, too", { "main.tf": 'provider "aws" {}', "modules/a/main.tf": 'provider "aws" {}' }],
  ["a block in a module that was fetched", {
    "main.tf": 'provider "aws" {}',
    ".terraform/modules/a/main.tf": 'provider "aws" {}',
  }],
  ["a module's own name for it", { "main.tf": REQUIRED.replace("aws =", "amazon =") }],
  ["a module that wants two of it", { "main.tf": "configuration_aliases = [aws.a, aws.b]" }],
])("with %s it is not sure", (_, files) => {
  expect(isOnce(files)).toBe(false);
});
