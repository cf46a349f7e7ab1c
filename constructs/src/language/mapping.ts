import type { Construct } from "constructs";
import { TemplateElement } from "../element.ts";
import type { IResolvable, IResolveContext } from "../tokens/resolvable.ts";
import { Intrinsic } from "../tokens/token.ts";

/** A mapping of a template. */
export interface MappingProps {
  /** Values by first and second key: `{ prod: { size: 100 } }`. */
  readonly values: { readonly [first: string]: { readonly [second: string]: unknown } };
}

/** A table of values that is looked up when the template is deployed. */
export class Mapping extends TemplateElement {
  /** @internal */
  readonly _section = "Mappings";
  readonly #values: MappingProps["values"];

  constructor(scope: Construct, id: string, props: MappingProps) {
    super(scope, id);
    this.#values = props.values;
  }

  /**
   * A value as a text.
   * @param first the first key; may be a token
   * @param second the second key; may be a token
   */
  find(first: string, second: string): string {
    return String(this.findValue(first, second));
  }

  /**
   * A value that is not a text.
   * @param first the first key; may be a token
   * @param second the second key; may be a token
   */
  findValue(first: string, second: string): IResolvable {
    return new Intrinsic({ "Fn::FindInMap": [this.logicalId, first, second] });
  }

  /** @internal */
  _declaration(context: IResolveContext): unknown {
    return context.resolve(this.#values);
  }
}
