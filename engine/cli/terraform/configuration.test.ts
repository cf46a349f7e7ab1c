import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { leavesAddressOpen, moduleFolder, stateNameOf } from "./configuration.ts";

function folderWith(file: string, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "cloudstacks-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, ".terraform"));
  writeFileSync(join(folder, file), text);
  return folder;
}
const isOpen = (file: string, text: string, ...args: string[]) =>
  leavesAddressOpen({ folder: folderWith(file, text), args });
/** As Terraform notes it. */
const inUse = (type: string, address: string | null) =>
  JSON.stringify({ version: 3, backend: { type, config: { address, lock_address: null }, hash: 1 } }, undefined, 2);

describe("an HTTP backend has no address", () => {
  test.each([
    ["main.tf", 'terraform {\n  backend "http" {}\n}'],
    ["main.tf", 'terraform { backend "http" {} }'],
    ["main.tofu", 'terraform {\n\tbackend "http" {\n  }\n}'],
    ["main.tf", "terraform {\n  backend http {}\n}"],
    ["main.tf.json", '{"terraform": {"backend": {"http": {}}}}'],
    ["main.tf.json", '{"terraform": [{"backend": [{"http": {}}]}]}'],
    [".terraform/terraform.tfstate", inUse("http", null)],
  ])("%s: %s", (file, text) => expect(isOpen(file, text)).toBe(true));

  test.each([
    ["main.tf", 'terraform {\n  backend "s3" {}\n}'],
    ["main.tf", 'terraform {\n  # backend "http" {}\n  // backend "http" {}\n/*\n backend "http" {} */ }'],
    ["main.tf", 'locals { why = "a backend \\"http\\" {" }'],
    ["notes.md", 'backend "http" {}'],
    ["main.tf.json", '{"terraform": {"backend": {"s3": {}}}}'],
    ["main.tf.json", "{"],
    ["main.tf", 'terraform {\n  backend "http" {\n    address = "http://a.test//b"\n  }\n}'],
    ["main.tf.json", '{"terraform": {"backend": {"http": {"address": "http://a.test"}}}}'],
    [".terraform/terraform.tfstate", inUse("http", "http://a.test")],
    [".terraform/terraform.tfstate", inUse("s3", null)],
  ])("not with %s: %s", (file, text) => expect(isOpen(file, text)).toBe(false));

  test("not when the command line names one, or there is no such folder", () => {
    expect(isOpen("main.tf", 'terraform {\n  backend "http" {}\n}', "init", "-backend-config=mine.hcl")).toBe(false);
    expect(leavesAddressOpen({ folder: "/nowhere/at/all", args: [] })).toBe(false);
  });
});

test("the root module is where -chdir says", () => {
  expect(moduleFolder(["-chdir=infra", "plan"], "/work")).toBe("/work/infra");
  expect(moduleFolder(["-chdir=/else", "plan"], "/work")).toBe("/else");
  expect(moduleFolder(["plan", "-out=x"], "/work")).toBe("/work");
});

describe("the name of a folder's state", () => {
  test.each([
    ["/work", "/work/.cloudstacks", "default"],
    ["/work/infra/eu", "/work/.cloudstacks", "infra/eu"],
    ["/other/infra", "/work/.cloudstacks", "other/infra"],
    ["/work", undefined, "work"],
  ])("of %s with the data directory %s is %s", (folder, dataDirectory, name) =>
    expect(stateNameOf(folder, dataDirectory)).toBe(name),
  );
});
