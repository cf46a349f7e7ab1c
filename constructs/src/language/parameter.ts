import type { Construct } from "constructs";
import { TemplateElement } from "../element.ts";
import { Reference } from "../reference.ts";
import type { IResolvable, IResolveContext } from "../tokens/resolvable.ts";

/** A parameter of a template. */
export interface ParameterProps {
  /**
   * As templates write it: `String`, `Number`, `CommaDelimitedList`, `AWS::EC2::VPC::Id`.
   * @default String
   */
  readonly type?: string;
  /** What it is when nobody gives it. */
  readonly default?: unknown;
  /** What it is, for people. */
  readonly description?: string;
  /** The values that it takes. */
  readonly allowedValues?: string[];
  /** A regular expression that it matches as a whole. */
  readonly allowedPattern?: string;
  /** What to tell who gives it a value that it does not take. */
  readonly constraintDescription?: string;
  /** Characters. */
  readonly minLength?: number;
  /** Characters. */
  readonly maxLength?: number;
  /** Of a number. */
  readonly minValue?: number;
  /** Of a number. */
  readonly maxValue?: number;
  /** Whether it is a secret, masked wherever it would be shown. */
  readonly noEcho?: boolean;
}

/** A value that is given when the template is deployed. */
export class Parameter extends TemplateElement {
  /** @internal */
  readonly _section = "Parameters";
  readonly #props: ParameterProps;

  constructor(scope: Construct, id: string, props: ParameterProps = {}) {
    super(scope, id);
    this.#props = props;
  }

  /** It as a text. */
  get asString(): string {
    return new Reference(this).toString();
  }

  /** It as a value of any other kind: a number, a list. */
  get value(): IResolvable {
    return new Reference(this);
  }

  /** @internal */
  _declaration(context: IResolveContext): unknown {
    const props = this.#props;
    return context.resolve({
      Type: props.type ?? "String",
      Description: props.description,
      Default: props.default,
      AllowedValues: props.allowedValues,
      AllowedPattern: props.allowedPattern,
      ConstraintDescription: props.constraintDescription,
      MinLength: props.minLength,
      MaxLength: props.maxLength,
      MinValue: props.minValue,
      MaxValue: props.maxValue,
      NoEcho: props.noEcho,
    });
  }
}
