import { includes, overlaps, type Changes } from "./backend.ts";
import type { EncodedKey, KeyRange } from "./store.ts";

/**
 * What a transaction has seen: the keys it asked for, and the ranges it looked through (also where it found nothing).
 */
export interface Observed {
  readonly keys: readonly EncodedKey[];
  readonly ranges: readonly KeyRange[];
}

/** More commits than a transaction can sensibly span; an older one begins again instead of holding memory. */
const COMMITS_MAX = 4096;

/** True when a transaction that saw `observed` would have seen something else after `changes`. */
export function touches(changes: Changes, observed: Observed): boolean {
  for (const key of observed.keys) {
    if (changes.writes.has(key)) return true;
    for (const cleared of changes.clears) if (includes(cleared, key)) return true;
  }
  for (const range of observed.ranges) {
    for (const key of changes.writes.keys()) if (includes(range, key)) return true;
    for (const cleared of changes.clears) if (overlaps(cleared, range)) return true;
  }
  return false;
}

/** The commits that running transactions must be checked against, oldest first. */
export class CommitLog {
  private commits: Changes[] = [];
  /** The version before the first commit kept. */
  private floor = 0;

  push(changes: Changes): void {
    this.commits.push(changes);
    if (this.commits.length <= COMMITS_MAX) return;
    this.floor += COMMITS_MAX / 2;
    this.commits = this.commits.slice(COMMITS_MAX / 2);
  }

  /** Nobody older than `version` may commit any more. */
  forget(version: number): void {
    if (this.commits.length > 0) this.commits = [];
    this.floor = version;
  }

  /** True when something `observed` at `version` has changed since, or may have. */
  isStale(version: number, observed: Observed): boolean {
    if (version < this.floor) return true;
    for (let i = version - this.floor; i < this.commits.length; i++) {
      const changes = this.commits[i];
      if (changes !== undefined && touches(changes, observed)) return true;
    }
    return false;
  }
}
