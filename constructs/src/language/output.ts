import type { Construct } from "constructs";
import { TemplateElement } from "../element.ts";
import type { IResolveContext } from "../tokens/resolvable.ts";
import type { Condition } from "./condition.ts";

/** An output of a template. */
export interface OutputProps {
  /** What it gives; may hold tokens. */
  readonly value: unknown;
  /** What it is, for people. */
  readonly description?: string;
  /** The name under which other stacks of the account and region import it. */
  readonly exportName?: string;
  /** It is there only when this holds. */
  readonly condition?: Condition;
}

/** A value that a stack gives to its users and, with a name, to other stacks. */
export class Output extends TemplateElement {
  /** @internal */
  readonly _section = "Outputs";
  readonly #props: OutputProps;

  constructor(scope: Construct, id: string, props: OutputProps) {
    super(scope, id);
    this.#props = props;
  }

  /** @internal */
  _declaration(context: IResolveContext): unknown {
    const { value, description, exportName, condition } = this.#props;
    return context.resolve({
      Description: description,
      Condition: condition?._nameIn(this),
      Value: value,
      Export: exportName === undefined ? undefined : { Name: exportName },
    });
  }
}
