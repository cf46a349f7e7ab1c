import type { Report } from "./report.ts";
import { visible } from "./visible.ts";

const SUBJECT_MAX = 100;
const PATTERN = /<!-- cloudstacks:[a-z]+:[^ ]* -->/;

/**
 * The comment, seen by nobody, by which a report is found again where it was posted before: the same for every report
 * of this kind on this subject.
 */
export function markerOf({ kind, subject }: Pick<Report, "kind" | "subject">): string {
  // Percent signs keep blanks, `--` and `>` out, which would end the comment.
  const name = encodeURIComponent(visible(subject)).replaceAll("--", "-%2D").slice(0, SUBJECT_MAX);
  return `<!-- cloudstacks:${kind}:${name} -->`;
}

/** The marker of a report in Markdown; undefined when it has none. */
export const markerIn = (markdown: string): string | undefined => PATTERN.exec(markdown)?.[0];
