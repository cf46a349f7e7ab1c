import type { IConstruct } from "constructs";
import { TemplateElement } from "../element.ts";
import type { SourceLocation } from "./source-location.ts";

/** Something that keeps an app from being synthesized. */
interface AppProblem {
  readonly path: string;
  readonly message: string;
  readonly source: SourceLocation | undefined;
}

/** Collects what is wrong with an app, so that all of it is told at once. */
export class Problems {
  readonly #found: AppProblem[] = [];

  get areThere(): boolean {
    return this.#found.length > 0;
  }

  /** `source` is where the program is wrong, if not where it makes the construct. */
  add(construct: IConstruct, message: string, source?: SourceLocation): void {
    const path = construct.node.path === "" ? "the app" : construct.node.path;
    const made = TemplateElement.isTemplateElement(construct) ? construct._source : undefined;
    this.#found.push({ path, message, source: source ?? made });
  }

  /** Does something for a construct; what it throws is one of the problems. */
  attempt<T>(construct: IConstruct, action: () => T): T | undefined {
    try {
      return action();
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.add(construct, error.message);
      return undefined;
    }
  }

  /** Ends synthesis when there is a problem. */
  throwIfAny(): void {
    if (this.#found.length === 0) return;
    const lines = this.#found.map(({ path, message, source }) => {
      const place = source ? `  (${source.file}:${source.line})` : "";
      return `  ${path}: ${message}${place}`;
    });
    const count = lines.length === 1 ? "a problem" : `${lines.length} problems`;
    const error = new Error(`the app has ${count}:\n${lines.join("\n")}`);
    error.name = "SynthesisError";
    // Each line says where its problem is; where it was found helps nobody.
    error.stack = `${error.name}: ${error.message}`;
    throw error;
  }
}
