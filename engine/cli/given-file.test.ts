import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Failure } from "./failure.ts";
import { readGivenFile } from "./given-file.ts";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "cloudstacks-given-"))));
afterEach(() => rmSync(folder, { recursive: true }));

const read = (bytes: string | Buffer) => {
  writeFileSync(join(folder, "file"), bytes);
  return readGivenFile(join(folder, "file"), "Give a file.");
};
const refused = (path: string): Failure => {
  try {
    readGivenFile(path, "Give a file.");
  } catch (problem) {
    if (problem instanceof Failure) return problem;
    throw problem;
  }
  throw new Error("it was read");
};

test("a file is its text, without the mark that some editors begin one with", () => {
  expect(read("caf\u00e9: 1\r\n")).toBe("caf\u00e9: 1\r\n");
  expect(read("\uFEFF{}")).toBe("{}");
});

test("a file that is not there, or is none, ends with what the option takes", () => {
  const missing = refused(join(folder, "nothing"));
  expect(missing.message).toBe(`There is no file ${join(folder, "nothing")}.`);
  expect(missing.cure).toEqual(["Give a file."]);
  expect(refused(folder).cure).toEqual(["Give a file."]);
});

test("bytes that are no UTF-8 are not taken for text", () => {
  expect(() => read(Buffer.from([0x63, 0xe9]))).toThrow("is no text in UTF-8.");
  expect(() => read(Buffer.from([0xff, 0xfe, 0x52, 0x00]))).toThrow("is no text in UTF-8.");
});
