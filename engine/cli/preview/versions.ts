import { basename, join } from "node:path";
import { Failure } from "../failure.ts";
import { baseCommit } from "./base-commit.ts";
import { Repository, type Commit } from "./repository.ts";
import { copyFolder, type Tree } from "./tree.ts";

/** Which versions of the files are compared. */
export interface VersionOptions {
  /** What the change is to be merged into: a branch, a tag, a commit. */
  readonly base?: string;
  /** The change; the work tree as it is when absent. */
  readonly head?: string;
}

/** Where a preview is made. */
export interface Places {
  /** The folder that the command runs in. Absolute, without symbolic links. */
  readonly directory: string;
  /** For checkouts and what else is needed meanwhile; removed with the preview. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
}

export interface BaseVersion {
  readonly tree: Tree;
  /** Whole sentences. */
  readonly notes: readonly string[];
}

/** The versions of the user's files that a preview is about. */
export interface Versions {
  readonly head: Tree;
  /** The head's files where they may be added to. */
  headCopy(): Promise<Tree>;
  /** A path as everybody calls it, wherever the clone lies: within the repository, or as it was given outside one. */
  nameOf(path: string): string;
  /** What the head is compared with. Errors: `Failure` */
  base(): Promise<BaseVersion>;
}

/** Errors: `Failure` */
export async function versionsOf(options: VersionOptions, places: Places): Promise<Versions> {
  const repository = await Repository.around(places.directory, places.environment);
  if (!repository) return withoutRepository(options, places);
  const { directory, folder, environment } = places;
  const within = repository.pathOf(directory) ?? "";
  const checkOut = async (commit: Commit, side: "base" | "head"): Promise<Tree> => {
    const checkout = join(folder, side);
    await repository.checkOut(commit, checkout);
    return { name: commit.name, directory: join(checkout, within), roots: { checkout, workTree: repository.root } };
  };
  const headCommit = options.head === undefined ? undefined : await repository.target(options.head);
  const head = headCommit
    ? await checkOut(headCommit, "head")
    : { name: await repository.workTreeName(), directory };
  return {
    head,
    async headCopy() {
      if (headCommit) return head;
      const copy = join(folder, "head");
      await repository.copyWorkTree(copy);
      return { name: head.name, directory: join(copy, within) };
    },
    nameOf: (path) => join(within, path).replace(/^\.$/, basename(repository.root)),
    async base() {
      const { commit, notes } = await baseCommit(repository, headCommit?.id ?? "HEAD", options.base, environment);
      return { tree: await checkOut(commit, "base"), notes };
    },
  };
}

function withoutRepository({ base, head }: VersionOptions, { directory, folder }: Places): Versions {
  const cure = ["Run it within a clone, or give what was recorded: --from FILE"];
  if (head !== undefined) throw new Failure(`${directory} is in no git repository, so there is no ${head}.`, cure);
  const name = "this folder";
  return {
    head: { name, directory },
    async headCopy() {
      copyFolder(directory, join(folder, "head"));
      return { name, directory: join(folder, "head") };
    },
    nameOf: (path) => (path === "." ? basename(directory) : path),
    base() {
      const missing = base ?? "base to compare with";
      throw new Failure(`${directory} is in no git repository, so there is no ${missing}.`, cure);
    },
  };
}
