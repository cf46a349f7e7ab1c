import { execFile } from "node:child_process";
import { cpSync, lstatSync, mkdirSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { Failure } from "../failure.ts";

/** A commit and what people call it. */
export interface Commit {
  readonly id: string;
  /** `main (3f2a91c)` */
  readonly name: string;
}

const SHORT_ID = 7;
const OUTPUT_BYTES_MAX = 256 * 1024 * 1024;

type Answer = { readonly isDone: true; readonly out: string } | { readonly isDone: false; readonly why: string };

function git(directory: string, args: readonly string[], environment: NodeJS.ProcessEnv): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { cwd: directory, env: environment, maxBuffer: OUTPUT_BYTES_MAX, encoding: "utf8" } as const;
    execFile("git", [...args], options, (problem, out, err) => {
      if (problem === null) return resolve({ isDone: true, out: out.trim() });
      if (problem.code === "ENOENT") return reject(new Failure("git is not on the PATH.", ["Install it."], problem));
      resolve({ isDone: false, why: err.trim() || problem.message });
    });
  });
}

/** A clone with a work tree. Nothing here writes to either. */
export class Repository {
  /** Absolute path of the work tree. */
  readonly root: string;
  readonly #environment: NodeJS.ProcessEnv;

  private constructor(root: string, environment: NodeJS.ProcessEnv) {
    this.root = root;
    this.#environment = environment;
  }

  /** The clone that a folder lies in; undefined when it lies in none. */
  static async around(directory: string, environment: NodeJS.ProcessEnv): Promise<Repository | undefined> {
    // Within a hook git names the clone that the hook is of, by paths from where it runs.
    const { GIT_DIR: _clone, GIT_WORK_TREE: _tree, GIT_INDEX_FILE: _index, ...own } = environment;
    const answer = await git(directory, ["rev-parse", "--show-toplevel"], own);
    return answer.isDone ? new Repository(answer.out, own) : undefined;
  }

  /** A path of the work tree as one within the repository: `shop/web.yaml`; undefined for one that lies outside. */
  pathOf(path: string): string | undefined {
    const within = relative(this.root, path);
    return within === ".." || within.startsWith(`..${sep}`) ? undefined : within;
  }

  /** The commit that a branch, a tag or an id names; undefined when this clone has none. */
  async commit(ref: string): Promise<Commit | undefined> {
    const answer = await this.#git("rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`);
    if (!answer.isDone) return undefined;
    const short = answer.out.slice(0, SHORT_ID);
    return { id: answer.out, name: ref === "HEAD" || answer.out.startsWith(ref) ? short : `${ref} (${short})` };
  }

  /** The same of what a user named. Branches may be there only as the remote's. Errors: `Failure` */
  async target(ref: string): Promise<Commit> {
    const commit = (await this.commit(ref)) ?? (await this.commit(`origin/${ref}`));
    if (commit) return commit;
    throw new Failure(`There is no commit "${ref}" in this clone.`, [
      `Fetch it first: git fetch origin ${ref.replace(/^origin\//, "")}`,
      "In GitHub Actions: actions/checkout with fetch-depth: 0. In GitLab CI: GIT_DEPTH: 0.",
    ]);
  }

  /** What people call the work tree: its commit when nothing in it differs from that. */
  async workTreeName(): Promise<string> {
    const head = await this.commit("HEAD");
    const branch = await this.#git("symbolic-ref", "--quiet", "--short", "HEAD");
    const status = await this.#git("--no-optional-locks", "status", "--porcelain");
    const commit = branch.isDone ? await this.commit(branch.out) : head;
    const isClean = status.isDone && status.out === "";
    return commit && isClean ? commit.name : ["working tree", ...(commit ? [`on ${commit.name}`] : [])].join(" ");
  }

  /** Where two lines of history parted; undefined when this clone does not reach back so far. */
  async mergeBase(first: string, second: string): Promise<string | undefined> {
    const answer = await this.#git("merge-base", first, second);
    return answer.isDone ? answer.out : undefined;
  }

  /** Writes the files of a commit below an empty folder; neither the clone's index nor its work tree is touched. */
  async checkOut({ id, name }: Commit, directory: string): Promise<void> {
    mkdirSync(directory, { recursive: true });
    // An index of its own: the clone's would otherwise say that this commit is checked out.
    const environment = { ...this.#environment, GIT_INDEX_FILE: `${directory}.index` };
    for (const args of [["read-tree", id], ["checkout-index", "--all", `--prefix=${directory}/`]]) {
      const answer = await git(this.root, args, environment);
      if (!answer.isDone) throw new Failure(`The files of ${name} cannot be checked out: ${answer.why}`);
    }
  }

  /** Copies the work tree below a folder: what is committed, changed or new, and not what is ignored. */
  async copyWorkTree(directory: string): Promise<void> {
    const listed = await this.#git("ls-files", "-z", "--cached", "--others", "--exclude-standard");
    if (!listed.isDone) throw new Failure(`The files of ${this.root} cannot be listed: ${listed.why}`);
    for (const file of new Set(listed.out.split("\0").filter(Boolean))) {
      const from = join(this.root, file);
      // Deleted, and not committed yet; or a module of git's, whose files are its own.
      if (lstatSync(from, { throwIfNoEntry: false })?.isDirectory() !== false) continue;
      cpSync(from, join(directory, file), { verbatimSymlinks: true });
    }
  }

  #git(...args: readonly string[]): Promise<Answer> {
    return git(this.root, args, this.#environment);
  }
}
