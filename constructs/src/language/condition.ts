import type { Construct, IConstruct } from "constructs";
import { TemplateElement } from "../element.ts";
import { requireStack } from "../synthesis/stack-boundary.ts";
import type { IResolvable, IResolveContext } from "../tokens/resolvable.ts";

/** A condition of a template. */
export interface ConditionProps {
  /** What must hold: made by `Fn.conditionEquals` and its like. */
  readonly expression: IResolvable;
}

/** Something that holds or not when the template is deployed: resources and outputs can stand under it. */
export class Condition extends TemplateElement implements IResolvable {
  /** @internal */
  readonly _section = "Conditions";
  readonly #expression: IResolvable;

  constructor(scope: Construct, id: string, props: ConditionProps) {
    super(scope, id);
    this.#expression = props.expression;
  }

  /**
   * As a part of other conditions it stands for itself.
   * @param context where it is used
   */
  resolve(context: IResolveContext): unknown {
    return { Condition: this._nameIn(context.scope) };
  }

  /**
   * Its name in the template of something that stands under it.
   * @internal
   */
  _nameIn(scope: IConstruct): string {
    if (requireStack(scope) !== requireStack(this))
      throw new Error(`the condition ${this.node.path} belongs to another stack`);
    return this.logicalId;
  }

  /** @internal */
  _declaration(context: IResolveContext): unknown {
    return context.resolve(this.#expression);
  }
}
