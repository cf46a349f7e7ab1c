import type { Construct } from "constructs";
import { TemplateElement } from "./element.ts";
import type { Condition } from "./language/condition.ts";
import { Reference } from "./reference.ts";
import { setAtPath } from "./property-path.ts";
import { requireStack } from "./synthesis/stack-boundary.ts";
import { SynthesisContext } from "./synthesis/synthesis.ts";
import { tagsInEffect } from "./tags.ts";
import { taggedProperties, type Tagging } from "./tagging.ts";
import type { IResolvable, IResolveContext } from "./tokens/resolvable.ts";

/** What becomes of a resource that its stack no longer has. */
export type DeletionPolicy = "Delete" | "Retain" | "RetainExceptOnCreate" | "Snapshot";

/** A resource as a template declares it. */
export interface ResourceProps {
  /** As templates write it: `Bucket`, `AWS::S3::Bucket`. */
  readonly type: string;
  /** By the names that templates use; values may be tokens. */
  readonly properties?: { readonly [name: string]: unknown };
}

/**
 * A resource of any type, and what all typed resources are. Those of `types` and `aws` know their properties; this one
 * takes whatever it is given.
 */
export class Resource extends TemplateElement {
  /**
   * Whether something is a resource.
   * @param value anything
   */
  static isResource(value: unknown): value is Resource {
    return value instanceof Resource;
  }

  /** As templates write it: `Bucket`, `AWS::S3::Bucket`. */
  readonly type: string;
  /** It is there only when this holds. */
  condition?: Condition;
  /** What becomes of it when its stack no longer has it. Without one it is deleted. */
  deletionPolicy?: DeletionPolicy;
  /** What becomes of the old one when it is replaced. Without one it is deleted. */
  updateReplacePolicy?: DeletionPolicy;

  /** @internal */
  readonly _section = "Resources";
  /**
   * Set by typed resources.
   * @internal
   */
  _tagging: Tagging | undefined;
  readonly #properties: Record<string, unknown>;
  readonly #overrides = new Map<string, unknown>();
  readonly #metadata = new Map<string, unknown>();
  readonly #dependencies = new Set<Resource>();

  constructor(scope: Construct, id: string, props: ResourceProps) {
    super(scope, id);
    this.type = props.type;
    this.#properties = { ...props.properties };
  }

  /** What `Ref` gives: for most types the name or the id. */
  get ref(): string {
    return new Reference(this).toString();
  }

  /**
   * An attribute as a text.
   * @param attribute as `Fn::GetAtt` calls it: `Arn`, `Outputs.Url`
   */
  getAtt(attribute: string): string {
    return new Reference(this, attribute).toString();
  }

  /**
   * An attribute that is not a text: a number, a list.
   * @param attribute as `Fn::GetAtt` calls it
   */
  getAttValue(attribute: string): IResolvable {
    return new Reference(this, attribute);
  }

  /**
   * Sets a property whatever the type's construct says of it: one it does not know yet, or a token where a value is
   * wanted.
   * @param path as templates write it: `BillingMode`, `Rules.0.Status`
   * @param value nothing removes the property
   */
  addPropertyOverride(path: string, value?: unknown): void {
    this.#overrides.set(path, value);
  }

  /**
   * Keeps something beside the resource that nothing acts on.
   * @param key its name in the template's `Metadata`
   * @param value anything that JSON can hold
   */
  addMetadata(key: string, value: unknown): void {
    this.#metadata.set(key, value);
  }

  /**
   * Says what the resource was called in the template before, so that it is renamed instead of made anew.
   * @param logicalId its former name
   */
  movedFrom(logicalId: string): void {
    this._relocation = { ...this._relocation, movedFrom: logicalId };
  }

  /**
   * Takes over a resource that exists already, and changes it to what is declared.
   * @param resourceId what the cloud calls it
   */
  importFrom(resourceId: string): void {
    this._relocation = { ...this._relocation, importFrom: resourceId };
  }

  /**
   * Makes another resource be there before this one, where no property refers to it.
   * @param dependency in the same stack or in another one
   */
  addDependency(dependency: Resource): void {
    this.#dependencies.add(dependency);
  }

  /** @internal */
  _declaration(context: IResolveContext): unknown {
    const dependsOn = [...this.#dependenciesHere(context)].sort();
    const properties = taggedProperties(this.#properties, this._tagging, tagsInEffect(this));
    const resolved = (context.resolve(properties) ?? {}) as Record<string, unknown>;
    for (const [path, value] of this.#overrides) setAtPath(resolved, path, context.resolve(value));
    return {
      Type: this.type,
      ...(this.condition && { Condition: this.condition._nameIn(this) }),
      ...(dependsOn.length > 0 && { DependsOn: dependsOn }),
      ...(this.deletionPolicy !== undefined && { DeletionPolicy: this.deletionPolicy }),
      ...(this.updateReplacePolicy !== undefined && { UpdateReplacePolicy: this.updateReplacePolicy }),
      ...(Object.keys(resolved).length > 0 && { Properties: resolved }),
      Metadata: {
        "cloudstacks:path": this.node.path,
        ...(this._source && { "cloudstacks:source": { ...this._source } }),
        ...Object.fromEntries([...this.#metadata].map(([key, value]) => [key, context.resolve(value)])),
      },
    };
  }

  /** Logical ids of what it waits for in its own stack; what is elsewhere makes its stack wait. */
  #dependenciesHere(context: IResolveContext): Set<string> {
    const own = requireStack(this);
    const wanted = new Set<string>();
    const constructs = this.node.scopes.flatMap((scope) => scope.node.dependencies);
    const declared = constructs.flatMap((each) => each.node.findAll().filter(Resource.isResource));
    for (const dependency of [...this.#dependencies, ...declared]) {
      const its = requireStack(dependency);
      if (its !== own && context instanceof SynthesisContext) context.synthesis.use(own, its);
      else if (its === own && dependency !== this) wanted.add(dependency.logicalId);
    }
    return wanted;
  }
}
