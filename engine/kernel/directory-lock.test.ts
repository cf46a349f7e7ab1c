import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DirectoryInUse, lockDirectory } from "./directory-lock.ts";

describe("the lock of a data directory", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "cloudstacks-lock-"));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  test("a second owner is refused and told who the first is", () => {
    const lock = lockDirectory(directory, 4711);
    lock.announce("http://127.0.0.1:4566");
    expect(() => lockDirectory(directory, 4712)).toThrow(DirectoryInUse);
    expect(() => lockDirectory(directory, 4712)).toThrow("in use by process 4711 (http://127.0.0.1:4566)");
    lock.release();
  });

  test("a directory that it makes is none of what git commits, and one that is there keeps its own rules", () => {
    lockDirectory(join(directory, "new"), 1).release();
    lockDirectory(directory, 1).release();
    expect(readFileSync(join(directory, "new", ".gitignore"), "utf8")).toBe("*\n");
    expect(existsSync(join(directory, ".gitignore"))).toBe(false);
  });

  test("a directory that cannot be had is told with its path", () => {
    writeFileSync(join(directory, "letter"), "");
    expect(() => lockDirectory(join(directory, "letter"), 1)).toThrow("EEXIST");
    mkdirSync(join(directory, "state", "lock"), { recursive: true });
    expect(() => lockDirectory(join(directory, "state"), 1)).toThrow(/lock cannot be used: it cannot be opened/);
  });

  test("a released directory can be taken again", () => {
    lockDirectory(directory, 1).release();
    const second = lockDirectory(directory, 2);
    expect(() => lockDirectory(directory, 3)).toThrow("process 2");
    second.release();
  });
});
