import type { Construct } from "constructs";
import { TemplateElement, type Section } from "../element.ts";
import { Resource } from "../resource.ts";
import type { IResolveContext } from "../tokens/resolvable.ts";

/** An entry of an included template, as it stands there. */
export class IncludedElement extends TemplateElement {
  readonly _section: Section;
  readonly #name: string;
  readonly #body: unknown;

  constructor(scope: Construct, name: string, section: Section, body: unknown) {
    super(scope, name);
    this._section = section;
    this.#name = name;
    this.#body = body;
  }

  override get logicalId(): string {
    return this.#name;
  }

  _declaration(context: IResolveContext): unknown {
    return context.resolve(this.#body);
  }
}

type Body = Readonly<Record<string, unknown>> & { readonly Type: string };

/** A resource of an included template: what the program adds to it comes on top. */
export class IncludedResource extends Resource {
  readonly #body: Body;

  constructor(scope: Construct, name: string, body: Body) {
    super(scope, name, { type: body.Type, properties: body["Properties"] as Record<string, unknown> | undefined });
    this.overrideLogicalId(name);
    this.#body = body;
  }

  override _declaration(context: IResolveContext): unknown {
    const { Properties: _own, ...rest } = this.#body;
    const body = context.resolve(rest) as Record<string, unknown>;
    const own = super._declaration(context) as Record<string, unknown>;
    const dependsOn = [...new Set([...listOf(body["DependsOn"]), ...listOf(own["DependsOn"])])];
    return {
      ...body,
      ...own,
      ...(dependsOn.length > 0 && { DependsOn: dependsOn }),
      Metadata: { ...(body["Metadata"] as Record<string, unknown> | undefined), ...(own["Metadata"] as object) },
    };
  }
}

const listOf = (value: unknown): readonly unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];
