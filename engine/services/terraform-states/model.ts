import type { StoredBody } from "../../kernel/blobs.ts";
import { records, subspace } from "../../kernel/subspace.ts";

/** Who holds a state, in the words of whoever took the lock. */
export interface Lock {
  readonly id: string;
  readonly operation?: string | undefined;
  readonly info?: string | undefined;
  readonly who?: string | undefined;
  /** Of the tool. */
  readonly toolVersion?: string | undefined;
  /** As the tool writes it. */
  readonly created?: string | undefined;
  readonly path?: string | undefined;
}

/** There as soon as somebody locks it; it has a content from its first version on. */
export interface State {
  readonly version: 1;
  readonly name: string;
  /** The number of the newest version; 0 before the first. Numbers are never given twice. */
  readonly newest: number;
  readonly lock?: Lock | undefined;
}

export interface StateVersion {
  readonly version: 1;
  readonly number: number;
  readonly body: StoredBody;
  readonly writtenAtMs: number;
  /** Whose lock it was written under. */
  readonly writer?: Lock | undefined;
  /** The version whose content was brought back. */
  readonly restoredFrom?: number | undefined;
}

const stateSpace = subspace<[account: string, name: string]>("terraform-states", "state");
/** States belong to an account and to no region: what one holds may stand in many. */
export const states = records<State, [string, string]>(stateSpace);

export const versionSpace =
  subspace<[account: string, name: string, number: number]>("terraform-states", "version");
export const versions = records<StateVersion, [string, string, number]>(versionSpace);

/** Older ones are dropped. */
export const VERSIONS_MAX = 100;
export const STATE_BYTES_MAX = 256 * 1024 * 1024;
export const PAGE_MAX = 1000;
