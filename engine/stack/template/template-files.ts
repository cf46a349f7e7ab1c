import type { Scope } from "../../services/context.ts";

/** The port to templates that are objects of this engine; the composition root fills it. */
export interface TemplateFiles {
  /** The text behind a URL; undefined when it is none of this engine's objects. */
  read(url: string, scope: Scope): Promise<string | undefined>;
}
