import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { moduleFolder, stateNameOf, usesHttpBackend } from "./configuration.ts";

function folderWith(file: string, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), "cloudstacks-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, file), text);
  return folder;
}

describe("a configuration keeps its state in an HTTP backend", () => {
  test.each([
    ["main.tf", 'terraform {\n  backend "http" {}\n}'],
    ["main.tf", 'terraform { backend "http" {} }'],
    ["main.tofu", 'terraform {\n\tbackend "http" {\n  }\n}'],
    ["main.tf", "terraform {\n  backend http {}\n}"],
    ["main.tf.json", '{"terraform": {"backend": {"http": {}}}}'],
    ["main.tf.json", '{"terraform": [{"backend": [{"http": {}}]}]}'],
  ])("%s: %s", (file, text) => expect(usesHttpBackend(folderWith(file, text))).toBe(true));

  test.each([
    ["main.tf", 'terraform {\n  backend "s3" {}\n}'],
    ["main.tf", 'terraform {\n  # backend "http" {}\n  // backend "http" {}\n/*\n backend "http" {} */ }'],
    ["main.tf", 'locals { why = "a backend \\"http\\" {" }'],
    ["notes.md", 'backend "http" {}'],
    ["main.tf.json", '{"terraform": {"backend": {"s3": {}}}}'],
    ["main.tf.json", "{"],
  ])("not with %s: %s", (file, text) => expect(usesHttpBackend(folderWith(file, text))).toBe(false));

  test("not when there is no such folder", () => expect(usesHttpBackend("/nowhere/at/all")).toBe(false));
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
