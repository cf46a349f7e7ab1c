import { readFileSync } from "node:fs";
import type { Pair } from "./pairs.ts";

/** `WILL_UPDATE`, `MAY_REPLACE`, ... of a resource and of those of its properties that change. */
export interface SaidOfResource {
  readonly impact: string;
  readonly properties: Readonly<Record<string, string>>;
}

/** What the oracle said; what it does not mention does not change. */
export interface Answers {
  readonly madeBy: string;
  readonly asked: readonly string[];
  readonly pairs: readonly (Pair & { readonly says: Readonly<Record<string, SaidOfResource>> })[];
}

export const readAnswers = (): Answers =>
  JSON.parse(readFileSync(new URL("answers.generated.json", import.meta.url), "utf8")) as Answers;
