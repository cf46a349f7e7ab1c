import type { TemplateElement } from "./element.ts";
import { requireStack } from "./synthesis/stack-boundary.ts";
import { SynthesisContext } from "./synthesis/synthesis.ts";
import type { IResolvable, IResolveContext } from "./tokens/resolvable.ts";
import { markerOf } from "./tokens/text.ts";

/**
 * What `Ref` (without an attribute) or `Fn::GetAtt` gives of an element. Used in another stack it becomes an export of
 * the element's own stack; across regions, where exports do not reach, an output that is read by the stack's name.
 */
export class Reference implements IResolvable {
  readonly target: TemplateElement;
  readonly attribute: string | undefined;

  constructor(target: TemplateElement, attribute?: string) {
    this.target = target;
    this.attribute = attribute;
  }

  resolve(context: IResolveContext): unknown {
    const { logicalId } = this.target;
    const own = this.attribute === undefined ? { Ref: logicalId } : { "Fn::GetAtt": [logicalId, this.attribute] };
    const from = requireStack(this.target);
    const to = requireStack(context.scope);
    if (from === to) return own;
    if (from.account !== to.account)
      throw new Error(`${this.target.node.path} is in another account than ${context.scope.node.path}`);
    if (from.region === undefined && to.region !== undefined)
      throw new Error(
        `${this.target.node.path} is in a stack without a region of its own: ` +
          `give ${from.name} one, so that ${to.name} in ${to.region} can read it`,
      );
    if (!(context instanceof SynthesisContext)) return own;
    const outputName = `Export${logicalId}${(this.attribute ?? "Ref").replaceAll(/[^A-Za-z0-9]/g, "")}`;
    const exportName = `${from.name}-${outputName}`;
    context.synthesis.export(from, to, { outputName, exportName, value: own });
    return from.region === to.region
      ? { "Fn::ImportValue": exportName }
      : { "Fn::GetStackOutput": { StackName: from.name, OutputName: outputName, Region: from.region } };
  }

  toString(): string {
    return markerOf(this);
  }
}
