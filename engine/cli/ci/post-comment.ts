import { Failure } from "../failure.ts";
import { markerIn } from "../formats/marker.ts";
import type { CommentPlace } from "./comment-place.ts";

export interface Posted {
  readonly how: "created" | "updated" | "unchanged";
  /** The comment's address, or what it is called. */
  readonly comment?: string;
}

/**
 * Posts a report in Markdown, in place of the one that was posted before for the same subject.
 * Errors: `Failure` for a text without a marker, or one that is too long
 */
export async function postComment(place: CommentPlace, body: string): Promise<Posted> {
  const marker = markerIn(body);
  if (marker === undefined)
    throw new Failure("The text has no marker, by which it would be found again.", [
      "Write it with: cloudstack preview --out-file preview.md",
    ]);
  if (body.length > place.charactersMax)
    throw new Failure(`The text has ${body.length} characters; a comment may have ${place.charactersMax}.`);
  for await (const earlier of place.list()) {
    // Whoever quotes a report has its marker further down.
    if (!earlier.body.startsWith(marker)) continue;
    if (earlier.body.trim() === body.trim()) return { how: "unchanged" };
    return { how: "updated", comment: await place.update(earlier.id, body) };
  }
  return { how: "created", comment: await place.create(body) };
}
