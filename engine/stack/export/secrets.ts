import { equalValues, type Value } from "../expressions/value.ts";
import type { Expression } from "../expressions/expression.ts";
import type { ExportedParameter } from "./exported.ts";
import { freeName } from "./free-name.ts";
import { referenceTo } from "./literal.ts";

/** The parameters that stand where a stack's text or its types hold a secret that no parameter gave. */
export class Placeholders {
  readonly #taken: Set<string>;
  readonly #values = new Map<string, Value>();

  constructor(taken: Iterable<string>) {
    this.#taken = new Set(taken);
  }

  /** The same secret is asked for once. */
  insteadOf(secret: Value, owner: string, path: readonly string[]): Expression {
    for (const [name, value] of this.#values) if (equalValues(value, secret)) return referenceTo(name);
    const name = freeName([owner, ...path].join("").replaceAll(/[^A-Za-z0-9]/g, "") || "Secret", this.#taken);
    this.#taken.add(name);
    this.#values.set(name, secret);
    return referenceTo(name);
  }

  valueOf(name: string): Value | undefined {
    return this.#values.get(name);
  }

  get parameters(): readonly ExportedParameter[] {
    return [...this.#values.keys()].map((name) => ({ name, isSecret: true }));
  }
}
