import { commentPlace } from "../ci/ci-environment.ts";
import { CI_KINDS, writeCiFiles, type CiKind } from "../ci/ci-files.ts";
import { postComment } from "../ci/post-comment.ts";
import { Failure } from "../failure.ts";
import { readGivenFile } from "../given-file.ts";
import type { Output } from "../output.ts";

/** Posts a report as the comment of the change that this run of CI is about, or updates that. */
export async function postCiComment(output: Output, file: string): Promise<void> {
  const body = readGivenFile(file, "Write it with: cloudstack preview --out-file preview.md");
  const place = commentPlace(process.env);
  const posted = await postComment(place, body);
  const address = posted.comment === undefined ? "" : `: ${posted.comment}`;
  output.answer({ place: place.name, ...posted }, () => `the comment of ${place.name} is ${posted.how}${address}`);
}

export interface CiInitRequest {
  readonly github?: boolean;
  readonly gitlab?: boolean;
  readonly preCommit?: boolean;
  readonly overwrite?: boolean;
  /** What is previewed, as `cloudstack preview` takes it. */
  readonly what: readonly string[];
}

/** Writes the files that run previews in CI. */
export function initCi(output: Output, request: CiInitRequest): void {
  const kinds = (Object.keys(CI_KINDS) as CiKind[]).filter((kind) => request[kind]);
  if (kinds.length === 0)
    throw new Failure("It is not said what for.", ["Give --github, --gitlab, --pre-commit, or several of them."]);
  const { what, overwrite: isOverwriting = false } = request;
  const written = writeCiFiles(process.cwd(), kinds, { what, isOverwriting });
  output.answer(written, () =>
    [`wrote ${written.files.join(", ")}`, "Next:", ...written.next.map((line) => `  ${line}`)].join("\n"),
  );
}
