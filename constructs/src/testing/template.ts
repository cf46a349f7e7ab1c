import type { Stack } from "../stack.ts";
import { differenceBetween } from "./difference.ts";

interface Declared {
  readonly Type: string;
  readonly Properties?: { readonly [name: string]: unknown };
}

/** A stack's template, and what a test expects of it. */
export class Template {
  /**
   * The template that a stack is synthesized to, without touching the disk.
   * @param stack the stack
   */
  static fromStack(stack: Stack): Template {
    return new Template(stack.toTemplate());
  }

  /**
   * A template as it is.
   * @param template its sections
   */
  static fromObject(template: { readonly [section: string]: unknown }): Template {
    return new Template(template);
  }

  readonly #template: { readonly [section: string]: unknown };

  private constructor(template: { readonly [section: string]: unknown }) {
    this.#template = template;
  }

  /** The template as a plain object. */
  toObject(): { readonly [section: string]: unknown } {
    return this.#template;
  }

  /**
   * Expects a resource of a type.
   * @param type as templates write it
   * @param properties what it declares at least, however deep; `Match` says what is not a plain value
   */
  hasResource(type: string, properties: { readonly [name: string]: unknown } = {}): void {
    const candidates = this.#resources(type);
    if (candidates.length === 0) throw new Error(`no ${type} in the template, which has: ${this.#typesThere()}`);
    const differences = candidates.map(([name, resource]) => {
      const difference = differenceBetween(resource.Properties ?? {}, properties, "");
      return difference === undefined ? undefined : `${name}: ${difference}`;
    });
    if (differences.includes(undefined)) return;
    throw new Error([`no ${type} as expected`, ...differences].join("\n  "));
  }

  /**
   * Expects so many resources of a type.
   * @param type as templates write it
   * @param count how many
   */
  resourceCountIs(type: string, count: number): void {
    const names = this.#resources(type).map(([name]) => name);
    if (names.length === count) return;
    throw new Error(`${names.length} of ${type}, expected ${count}${names.length > 0 ? `: ${names.join(", ")}` : ""}`);
  }

  /**
   * Expects an output.
   * @param name its name
   * @param value what it gives, when that matters
   */
  hasOutput(name: string, value?: unknown): void {
    const outputs = (this.#template["Outputs"] ?? {}) as { readonly [name: string]: { readonly Value?: unknown } };
    const output = outputs[name];
    if (!output) throw new Error(`no output "${name}", there is: ${Object.keys(outputs).join(", ") || "none"}`);
    const difference = value === undefined ? undefined : differenceBetween(output.Value, value, name);
    if (difference !== undefined) throw new Error(`the output is different: ${difference}`);
  }

  #all(): [string, Declared][] {
    return Object.entries((this.#template["Resources"] ?? {}) as { readonly [name: string]: Declared });
  }

  #resources(type: string): [string, Declared][] {
    return this.#all().filter(([, resource]) => resource.Type === type);
  }

  #typesThere(): string {
    return [...new Set(this.#all().map(([, { Type }]) => Type))].sort().join(", ") || "none";
  }
}
