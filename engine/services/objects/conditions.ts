import { errors } from "./errors.ts";
import type { ObjectVersion } from "./model.ts";

/** Entity tags without quotes; `*` stands for any. */
export interface Conditions {
  readonly ifMatch?: readonly string[];
  readonly ifNoneMatch?: readonly string[];
  readonly ifModifiedSinceMs?: number;
  readonly ifUnmodifiedSinceMs?: number;
}

const matches = (tags: readonly string[], etag: string): boolean => tags.includes("*") || tags.includes(etag);
/** HTTP dates have whole seconds, so the comparison must. */
const secondsOf = (ms: number): number => Math.floor(ms / 1000);

type Failure = "If-Match" | "If-Unmodified-Since" | "If-None-Match" | "If-Modified-Since";

/** The first condition that does not hold, in HTTP's order: an entity tag outranks a time. */
function failing(version: ObjectVersion, conditions: Conditions): Failure | undefined {
  const { ifMatch, ifNoneMatch, ifModifiedSinceMs, ifUnmodifiedSinceMs } = conditions;
  const modified = secondsOf(version.modifiedAtMs);
  if (ifMatch) {
    if (!matches(ifMatch, version.etag)) return "If-Match";
  } else if (ifUnmodifiedSinceMs !== undefined && modified > secondsOf(ifUnmodifiedSinceMs))
    return "If-Unmodified-Since";
  if (ifNoneMatch) {
    if (matches(ifNoneMatch, version.etag)) return "If-None-Match";
  } else if (ifModifiedSinceMs !== undefined && modified <= secondsOf(ifModifiedSinceMs)) return "If-Modified-Since";
  return undefined;
}

/** For reads: what has not changed is `NotModified`, anything else that does not hold is `PreconditionFailed`. */
export function checkForReading(version: ObjectVersion, conditions: Conditions | undefined): void {
  const failure = conditions && failing(version, conditions);
  if (!failure) return;
  if (failure === "If-Match" || failure === "If-Unmodified-Since")
    throw errors.PreconditionFailed({ condition: failure });
  throw errors.NotModified({ etag: version.etag, modifiedAtMs: version.modifiedAtMs, versionId: version.versionId });
}

/** For the source of a copy: whatever does not hold refuses the copy. */
export function checkForCopying(version: ObjectVersion, conditions: Conditions | undefined): void {
  const failure = conditions && failing(version, conditions);
  if (failure) throw errors.PreconditionFailed({ condition: `source ${failure}` });
}

/** For writes over `current` (undefined when the key has no live object). */
export function checkForWriting(
  of: { readonly bucket: string; readonly key: string },
  current: ObjectVersion | undefined,
  conditions: Conditions | undefined,
): void {
  if (!conditions) return;
  const live = current?.isDeleteMarker ? undefined : current;
  const { ifMatch, ifNoneMatch } = conditions;
  if (ifMatch) {
    if (!live) throw errors.ObjectNotFound(of);
    if (!matches(ifMatch, live.etag)) throw errors.PreconditionFailed({ condition: "If-Match" });
  }
  if (ifNoneMatch && live && matches(ifNoneMatch, live.etag))
    throw errors.PreconditionFailed({ condition: "If-None-Match" });
}
