import { posix } from "node:path";

interface Placed {
  readonly file?: unknown;
  readonly range?: { readonly program?: unknown };
}

/**
 * A report's places in programs, which are told from the folder that a program runs in, as seen from where the command
 * runs: `app.ts` becomes `shop/app.ts`.
 */
export function placesSeenFrom<T>(folder: string, report: T): T {
  const seen = (file: string) => posix.join(folder, file);
  return JSON.parse(JSON.stringify(report), function (this: object, key: string, value: unknown) {
    // A property of a resource may be called so, too; a range has its columns.
    if (key === "program" && "endColumn" in this && typeof value === "string") return seen(value);
    if (typeof value !== "object" || value === null) return value;
    const { file, range } = value as Placed;
    const isOfProgram = typeof file === "string" && range?.program === seen(file);
    return isOfProgram ? { ...value, file: range.program } : value;
  }) as T;
}
