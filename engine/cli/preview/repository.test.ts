import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { Repository } from "./repository.ts";

function emptyFolder(): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), "cloudstacks-")));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A clone with two commits on `main` and a branch `feature` of the first. */
function clone() {
  const root = emptyFolder();
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=test", "-c", "user.email=test@localhost", ...args], {
      cwd: root,
      encoding: "utf8",
    }).trim();
  const commit = (text: string) => {
    writeFileSync(join(root, "shop/web.yaml"), text);
    git("add", "shop");
    git("commit", "-qm", text);
    return git("rev-parse", "HEAD");
  };
  git("init", "-qb", "main");
  mkdirSync(join(root, "shop"));
  const first = commit("first");
  git("branch", "feature");
  const second = commit("second");
  return { root, git, first, second };
}

async function repositoryAround(folder: string): Promise<Repository> {
  const found = await Repository.around(folder, process.env);
  if (!found) throw new Error(`${folder} is in no repository.`);
  return found;
}

test("a clone is found from any folder within it, and none outside", async () => {
  const { root } = clone();
  const repository = await repositoryAround(join(root, "shop"));
  expect(repository.root).toBe(root);
  expect(repository.pathOf(join(root, "shop/web.yaml"))).toBe("shop/web.yaml");
  expect(repository.pathOf(join(root, "../else.yaml"))).toBeUndefined();
  expect(await Repository.around(emptyFolder(), process.env)).toBeUndefined();
});

test("branches and ids name commits, and others none", async () => {
  const { root, second } = clone();
  const repository = await repositoryAround(root);
  expect(await repository.commit("main")).toEqual({ id: second, name: `main (${second.slice(0, 7)})` });
  expect(await repository.commit(second)).toEqual({ id: second, name: second.slice(0, 7) });
  expect(await repository.commit("nowhere")).toBeUndefined();
  expect(await repository.commit("--all")).toBeUndefined();
});

test("two branches have parted somewhere", async () => {
  const { root, first } = clone();
  expect(await (await repositoryAround(root)).mergeBase("main", "feature")).toBe(first);
});

test("the files of a commit are written elsewhere, and the clone is as it was", async () => {
  const { root, git, first } = clone();
  writeFileSync(join(root, "shop/web.yaml"), "not committed");
  git("add", "shop");
  const status = git("status", "--porcelain");
  const repository = await repositoryAround(root);
  const directory = join(emptyFolder(), "base");
  await repository.checkOut({ id: first, name: "first" }, directory);
  expect(readFileSync(join(directory, "shop/web.yaml"), "utf8")).toBe("first");
  expect(readdirSync(directory)).toEqual(["shop"]);
  expect(git("status", "--porcelain")).toBe(status);
  expect(git("worktree", "list").split("\n")).toHaveLength(1);
});
