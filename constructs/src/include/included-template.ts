import { Construct } from "constructs";
import { resolve } from "node:path";
import type { Resource } from "../resource.ts";
import { requireStack } from "../synthesis/stack-boundary.ts";
import { isValidLogicalId } from "../language/names.ts";
import { IncludedElement, IncludedResource } from "./included-element.ts";
import { readTemplateFile, type IncludedSections } from "./read-template.ts";
import { withGivenParameters } from "./given-parameters.ts";

/** A template that becomes a part of a stack. */
export interface IncludedTemplateProps {
  /** The template, in JSON or YAML. */
  readonly file: string;
  /** Values for its parameters, which are then no parameters of the stack; may be tokens. */
  readonly parameters?: { readonly [name: string]: unknown };
}

const ELEMENTS = ["Parameters", "Mappings", "Conditions", "Rules", "Resources", "Outputs"] as const;
/** Sections about the template as a whole, which the stack around it has its own of. */
const ABOUT = new Set(["AWSTemplateFormatVersion", "Description", "Metadata"]);
const LANGUAGE_EXTENSIONS = "AWS::LanguageExtensions";

/**
 * The resources, parameters, conditions and outputs of a template, in a stack under the names that they have there:
 * one that was deployed before can be taken over without a change.
 */
export class IncludedTemplate extends Construct {
  readonly #resources = new Map<string, IncludedResource>();

  constructor(scope: Construct, id: string, props: IncludedTemplateProps) {
    super(scope, id);
    const file = resolve(props.file);
    this.#declare(withGivenParameters(readTemplateFile(file), props.parameters ?? {}), file);
  }

  /**
   * A resource of the template: to refer to it, and to change it.
   * @param logicalId its name in the template
   */
  resource(logicalId: string): Resource {
    const found = this.#resources.get(logicalId);
    if (found) return found;
    const names = [...this.#resources.keys()].join(", ");
    throw new Error(`the template has no resource "${logicalId}": ${names === "" ? "it has none" : names}`);
  }

  #declare(sections: IncludedSections, file: string): void {
    for (const [section, entries] of Object.entries(sections)) {
      if (ABOUT.has(section)) continue;
      if (section === "Transform") this.#checkTransform(entries, file);
      else this.#declareSection(section, entries, file);
    }
  }

  #declareSection(section: string, entries: Readonly<Record<string, unknown>>, file: string): void {
    const known = ELEMENTS.find((each) => each === section);
    if (!known) throw new Error(`${file}: the section ${section} cannot be included`);
    const elements = new Construct(this, section);
    for (const [name, body] of Object.entries(entries ?? {})) {
      // Loops have names that no resource can have, and a list for a body.
      if (section !== "Resources" || !isValidLogicalId(name)) new IncludedElement(elements, name, known, body);
      else this.#resources.set(name, new IncludedResource(elements, name, bodyOf(body, name, file)));
    }
  }

  /** Only what is a part of the template language anyway. */
  #checkTransform(transform: unknown, file: string): void {
    for (const each of Array.isArray(transform) ? transform : [transform]) {
      if (each !== LANGUAGE_EXTENSIONS) throw new Error(`${file}: the transform ${String(each)} cannot be included`);
    }
    requireStack(this).transforms.add(LANGUAGE_EXTENSIONS);
  }
}

function bodyOf(body: unknown, name: string, file: string): Readonly<Record<string, unknown>> & { Type: string } {
  const own = body as { readonly Type?: unknown } | null;
  if (typeof own?.Type === "string") return own as Readonly<Record<string, unknown>> & { Type: string };
  throw new Error(`${file}: the resource ${name} has no Type`);
}
