import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A new git repository for a test. Ids of commits are the same in every run. */
export interface Clone {
  readonly root: string;
  git(...args: readonly string[]): string;
  write(file: string, text: string): void;
  /** Commits everything and gives the commit's id. */
  commit(message: string): string;
  remove(): void;
}

const IDENTITY = {
  GIT_AUTHOR_NAME: "A. Uthor",
  GIT_AUTHOR_EMAIL: "author@localhost",
  GIT_AUTHOR_DATE: "2026-01-01T00:00:00Z",
  GIT_COMMITTER_NAME: "A. Uthor",
  GIT_COMMITTER_EMAIL: "author@localhost",
  GIT_COMMITTER_DATE: "2026-01-01T00:00:00Z",
  // What a machine or a user has set has no say in it.
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
};

/** On the branch `main`, with no commit yet. */
export function newClone(): Clone {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "cloudstacks-clone-")));
  const git = (...args: readonly string[]) =>
    execFileSync("git", args, { cwd: root, encoding: "utf8", env: { ...process.env, ...IDENTITY } }).trim();
  git("init", "-qb", "main");
  return {
    root,
    git,
    write(file, text) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), text);
    },
    commit(message) {
      git("add", "--all");
      git("commit", "-qm", message);
      return git("rev-parse", "HEAD");
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
