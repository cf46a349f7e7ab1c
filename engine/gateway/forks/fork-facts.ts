/** What is called so is no fork but what forks are made of. */
export const MAIN = "main";

/** A request that carries it is for that fork, or for `main`, whatever the port serves otherwise. */
export const FORK_HEADER = "x-cloudstacks-fork";

/** What is told of a fork. */
export interface ForkFacts {
  readonly name: string;
  readonly createdAtMs: number;
  /** `main`, another fork, or the file of a snapshot. */
  readonly of: { readonly fork: string } | { readonly snapshot: string };
  /** Of its own port, while it has one. */
  readonly endpoint?: string;
}

export interface NewFork {
  readonly of: string;
  /** A file, instead of `of`. */
  readonly snapshot?: string | undefined;
}
