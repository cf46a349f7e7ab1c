import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ExportLanguage, WrittenExport } from "../../stack/export/written-export.ts";
import { ownPackages } from "../apps/own-packages.ts";
import { Failure } from "../failure.ts";
import type { Output } from "../output.ts";
import type { SessionOptions } from "../session.ts";
import { writeFiles } from "../write-files.ts";
import { withSession } from "./with-session.ts";

/** As commander gives them. */
export interface ExportOptions {
  readonly to: ExportLanguage;
  readonly out?: string;
  readonly overwrite?: boolean;
}

/** Writes a stack as code, to a folder or to the screen. */
export async function exportStack(
  output: Output,
  options: SessionOptions,
  { stack, to, out, overwrite = false }: ExportOptions & { readonly stack: string },
): Promise<void> {
  const written = await withSession(options, (session) => session.run("export", { stack, to }));
  if (out === undefined)
    return output.answer(written, () => [textOf(written), ...written.notes.map(comment)].join("\n"));
  const paths = Object.keys(written.files).map((name) => join(out, name));
  const there = paths.filter((path) => existsSync(path));
  if (there.length > 0 && !overwrite)
    throw new Failure(`${there.join(", ")} ${there.length === 1 ? "is" : "are"} there already.`, [
      "Give another folder, or --overwrite.",
    ]);
  writeFiles(out, written.files);
  const notes = [...(to === "typescript" ? [tried(out)] : []), ...written.notes];
  output.answer({ ...written, notes, files: paths }, () =>
    [...paths.map((path) => `wrote ${path}`), ...notes].join("\n"),
  );
}

/** How a program is tried that has no project around it. */
const tried = (folder: string) =>
  `Try it: cd ${folder} && npm install "@cloudstacks/constructs@${ownPackages().constructs}" constructs tsx && ` +
  "cloudstack plan";

const comment = (note: string) => `# ${note}`;

/** One file as it is; several with their names above them. */
function textOf({ files }: WrittenExport): string {
  const entries = Object.entries(files);
  return entries.map(([name, text]) => (entries.length === 1 ? text : `# ${name}\n${text}`)).join("\n");
}
