import { Construct } from "constructs";
import { isValidLogicalId } from "./language/names.ts";
import { logicalIdOf } from "./synthesis/logical-ids.ts";
import { callerLocation, type SourceLocation } from "./synthesis/source-location.ts";
import { stackAround } from "./synthesis/stack-boundary.ts";
import type { IResolveContext } from "./tokens/resolvable.ts";

/** @internal */
export type Section = "Parameters" | "Mappings" | "Conditions" | "Rules" | "Resources" | "Outputs";

/** @internal */
export interface Relocation {
  readonly movedFrom?: string;
  readonly importFrom?: string;
}

/** Something that stands in a template under a name: a resource, a parameter, a condition, an output. */
export abstract class TemplateElement extends Construct {
  /**
   * Whether something is an element of a template.
   * @param value anything
   */
  static isTemplateElement(value: unknown): value is TemplateElement {
    return value instanceof TemplateElement;
  }

  /** @internal */
  readonly _source: SourceLocation | undefined;
  #logicalId: string | undefined;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    if (!stackAround(this)) throw new Error(`${this.node.path} is not in a stack: its scope is a Stack or in one`);
    this._source = callerLocation();
  }

  /** Its name in the template: the ids of the constructs from the stack to it, joined. */
  get logicalId(): string {
    return this.#logicalId ?? logicalIdOf(this);
  }

  /**
   * Gives it another name in the template, for example the one it had before it was moved.
   * @param logicalId letters and digits
   */
  overrideLogicalId(logicalId: string): void {
    if (!isValidLogicalId(logicalId)) throw new Error(`"${logicalId}" is not a name of 1 to 255 letters and digits`);
    this.#logicalId = logicalId;
  }

  /**
   * What is there already: under another name in the template, or not in a stack yet.
   * @internal
   */
  _relocation: Relocation = {};

  /** @internal */
  abstract readonly _section: Section;

  /**
   * What stands under its name.
   * @internal
   */
  abstract _declaration(context: IResolveContext): unknown;
}
