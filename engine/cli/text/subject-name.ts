import { basename, resolve } from "node:path";
import type { Meant } from "../apps/what-is-meant.ts";

/** What a report is called by: the stack of a template, the stacks that were named, or the app's folder. */
export function subjectNameOf(meant: Meant, stacks: readonly { readonly stack: string }[]): string {
  if (meant.kind === "template") return stacks[0]?.stack ?? basename(meant.file);
  return meant.stacks.length > 0 ? meant.stacks.join(", ") : basename(resolve(meant.directory ?? "."));
}
