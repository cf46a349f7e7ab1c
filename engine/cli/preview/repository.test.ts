import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { newClone } from "../../testing/clone.ts";
import { Repository } from "./repository.ts";

function emptyFolder(): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), "cloudstacks-")));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A clone with two commits on `main` and a branch `feature` of the first. */
function twoBranches() {
  const clone = newClone();
  onTestFinished(() => clone.remove());
  clone.write("shop/web.yaml", "first");
  const first = clone.commit("first");
  clone.git("branch", "feature");
  clone.write("shop/web.yaml", "second");
  const second = clone.commit("second");
  return { ...clone, first, second };
}

async function repositoryAround(folder: string): Promise<Repository> {
  const found = await Repository.around(folder, process.env);
  if (!found) throw new Error(`${folder} is in no repository.`);
  return found;
}

test("a clone is found from any folder within it, and none outside", async () => {
  const { root } = twoBranches();
  const repository = await repositoryAround(join(root, "shop"));
  expect(repository.root).toBe(root);
  expect(repository.pathOf(join(root, "shop/web.yaml"))).toBe("shop/web.yaml");
  expect(repository.pathOf(join(root, "../else.yaml"))).toBeUndefined();
  expect(await Repository.around(emptyFolder(), process.env)).toBeUndefined();
});

test("a clone is found within a hook, which names it by variables of its own", async () => {
  const { root } = twoBranches();
  const hook = { ...process.env, GIT_DIR: ".git", GIT_INDEX_FILE: ".git/index" };
  expect((await Repository.around(join(root, "shop"), hook))?.root).toBe(root);
});

test("branches and ids name commits, and others none", async () => {
  const { root, second } = twoBranches();
  const repository = await repositoryAround(root);
  expect(await repository.commit("main")).toEqual({ id: second, name: `main (${second.slice(0, 7)})` });
  expect(await repository.commit(second)).toEqual({ id: second, name: second.slice(0, 7) });
  expect(await repository.commit("nowhere")).toBeUndefined();
  expect(await repository.commit("--all")).toBeUndefined();
  await expect(repository.target("nowhere")).rejects.toThrow('There is no commit "nowhere" in this clone.');
});

test("the work tree has the name of its commit, until a file differs", async () => {
  const { root, second, write } = twoBranches();
  const repository = await repositoryAround(root);
  expect(await repository.workTreeName()).toBe(`main (${second.slice(0, 7)})`);
  write("shop/new.yaml", "new");
  expect(await repository.workTreeName()).toBe(`working tree on main (${second.slice(0, 7)})`);
});

test("two branches have parted somewhere", async () => {
  const { root, first } = twoBranches();
  expect(await (await repositoryAround(root)).mergeBase("main", "feature")).toBe(first);
});

test("the files of a commit are written elsewhere, and the clone is as it was", async () => {
  const { root, git, write, first } = twoBranches();
  write("shop/web.yaml", "not committed");
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
