import { existsSync } from "node:fs";
import { join } from "node:path";
import { readShippedFile } from "../../platform/shipped-files.ts";
import { Failure } from "../failure.ts";
import { writeFiles } from "../write-files.ts";

/** What can be set up: where its file goes, which of the files in `starters/ci` it is, and what is left to do. */
export const CI_KINDS = {
  github: {
    file: ".github/workflows/preview.yml",
    starter: "github.yml",
    next: ["Commit it; each pull request then has a preview as its comment."],
  },
  gitlab: {
    file: ".gitlab/preview.yml",
    starter: "gitlab.yml",
    next: [
      "In .gitlab-ci.yml: include: [{ local: .gitlab/preview.yml }]",
      "Make a project access token with the scope api, and a masked CI variable GITLAB_TOKEN of it.",
    ],
  },
  preCommit: {
    file: ".pre-commit-config.yaml",
    starter: "pre-commit.yml",
    next: ["pre-commit install"],
  },
} as const;
export type CiKind = keyof typeof CI_KINDS;

export interface WrittenCi {
  readonly files: readonly string[];
  readonly next: readonly string[];
}

/** Anything else would be taken for code by the shell that runs the job. */
const PLAIN_WORD = /^[\w./@-]+$/;

/**
 * Writes what runs previews of `what` in CI below a folder.
 * Errors: `Failure` for files that are there, unless they may be written over
 */
export function writeCiFiles(
  folder: string,
  kinds: readonly CiKind[],
  { what, isOverwriting }: { readonly what: readonly string[]; readonly isOverwriting: boolean },
): WrittenCi {
  const wrong = what.find((word) => !PLAIN_WORD.test(word));
  if (wrong !== undefined)
    throw new Failure(`"${wrong}" cannot stand in a CI file as it is.`, ["Name a template or a folder."]);
  const chosen = kinds.map((kind) => CI_KINDS[kind]);
  const there = chosen.map(({ file }) => file).filter((file) => existsSync(join(folder, file)));
  if (there.length > 0 && !isOverwriting) {
    const areThere = `${there.join(" and ")} ${there.length === 1 ? "is" : "are"} there already`;
    throw new Failure(`${areThere}. Nothing was written.`, ["Write over with --overwrite."]);
  }
  const texts = chosen.map(({ file, starter }) => {
    const text = readShippedFile(`starters/ci/${starter}`).toString("utf8");
    return [file, text.replaceAll(/ *\{\{what\}\}/g, what.map((word) => ` ${word}`).join(""))];
  });
  writeFiles(folder, Object.fromEntries(texts) as Record<string, string>);
  return { files: chosen.map(({ file }) => file), next: chosen.flatMap(({ next }) => next) };
}
