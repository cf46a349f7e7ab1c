import { Failure } from "../failure.ts";
import type { Commit, Repository } from "./repository.ts";

/** The commit that a preview compares with, and what there is to say about it. */
export interface BaseCommit {
  readonly commit: Commit;
  readonly notes: readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the services that run CI say what a change is to be merged into. */
const OF_CI: readonly (readonly [variable: string, refOf: (value: string) => string])[] = [
  ["GITHUB_BASE_REF", (branch) => `origin/${branch}`],
  ["CI_MERGE_REQUEST_DIFF_BASE_SHA", (commit) => commit],
  ["CI_MERGE_REQUEST_TARGET_BRANCH_NAME", (branch) => `origin/${branch}`],
];
const USUAL = ["origin/HEAD", "main", "master"];

/**
 * Where the head and what it is to be merged into have parted: what came to the base since is no part of the change.
 * `ref` is what was asked for; without it what CI says, or the clone's main branch. Errors: `Failure`
 */
export async function baseCommit(
  repository: Repository,
  head: string,
  ref: string | undefined,
  environment: Environment,
): Promise<BaseCommit> {
  const target = ref === undefined ? await usualTarget(repository, environment) : await named(repository, ref);
  const parted = await repository.mergeBase(target.id, head);
  if (parted === target.id) return { commit: target, notes: [] };
  const commit = parted === undefined ? undefined : await repository.commit(parted);
  if (commit) return { commit: { ...commit, name: `${target.ref} (${commit.name})` }, notes: [] };
  const note =
    `This clone does not reach back to where ${target.ref} and the head have parted, so that what came to ` +
    `${target.ref} since shows as if the head took it back`;
  return { commit: target, notes: [note] };
}

type Target = Commit & { readonly ref: string };

async function named(repository: Repository, ref: string): Promise<Target> {
  return { ...(await repository.target(ref)), ref };
}

async function usualTarget(repository: Repository, environment: Environment): Promise<Target> {
  for (const [variable, refOf] of OF_CI) {
    const value = environment[variable];
    if (value) return named(repository, refOf(value));
  }
  for (const ref of USUAL) if (await repository.commit(ref)) return named(repository, ref);
  throw new Failure("It is not clear what to compare with: this clone has neither main nor master.", [
    "Say which commit: --base REF",
  ]);
}
