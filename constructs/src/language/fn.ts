import type { IResolvable } from "../tokens/resolvable.ts";
import { Intrinsic } from "../tokens/token.ts";
import type { Condition } from "./condition.ts";

const call = (name: string, argument: unknown): Intrinsic => new Intrinsic({ [`Fn::${name}`]: argument });
const text = (name: string, argument: unknown): string => call(name, argument).toString();

/**
 * The functions of the template language, worked out when the template is deployed. Those that give a text return one;
 * the others return a token.
 */
export class Fn {
  /**
   * What a name gives, for names that no construct has.
   * @param name of a resource or parameter
   */
  static ref(name: string): string {
    return new Intrinsic({ Ref: name }).toString();
  }

  /**
   * An attribute of a resource that no construct stands for.
   * @param logicalId its name in the template
   * @param attribute as the type calls it
   */
  static getAtt(logicalId: string, attribute: string): IResolvable {
    return call("GetAtt", [logicalId, attribute]);
  }

  /**
   * Texts, one after the other.
   * @param delimiter stands between them
   * @param values may be tokens
   */
  static join(delimiter: string, values: string[]): string {
    return text("Join", [delimiter, values]);
  }

  /**
   * A list that is known when the template is deployed as a text.
   * @param delimiter stands between its elements
   * @param list gives texts
   */
  static joinList(delimiter: string, list: IResolvable): string {
    return text("Join", [delimiter, list]);
  }

  /**
   * A text with `${Name}` and `${Name.Attribute}` filled in.
   * @param template the text
   * @param values by name, for what the template has no name for
   */
  static sub(template: string, values?: { readonly [name: string]: string }): string {
    return text("Sub", values ? [template, values] : template);
  }

  /**
   * The parts of a text.
   * @param delimiter stands between them
   * @param source the text
   */
  static split(delimiter: string, source: string): IResolvable {
    return call("Split", [delimiter, source]);
  }

  /**
   * One element of a list.
   * @param index from 0
   * @param list a list that is a token
   */
  static select(index: number, list: IResolvable): string {
    return text("Select", [index, list]);
  }

  /**
   * What another stack of the account and region exports.
   * @param exportName the name it is exported under
   */
  static importValue(exportName: string): string {
    return text("ImportValue", exportName);
  }

  /**
   * An output of another stack, read at each deployment; that stack does not know of it.
   * @param stackName the stack
   * @param outputName its output
   * @param region where it is, when that is elsewhere
   */
  static getStackOutput(stackName: string, outputName: string, region?: string): string {
    return text("GetStackOutput", { StackName: stackName, OutputName: outputName, Region: region });
  }

  /**
   * A text in Base64.
   * @param value the text
   */
  static base64(value: string): string {
    return text("Base64", value);
  }

  /**
   * Blocks of addresses within one.
   * @param block in CIDR notation
   * @param count how many
   * @param sizeMask of each, in bits: 8 gives a /24 of IPv4
   */
  static cidr(block: string, count: number, sizeMask?: number): IResolvable {
    return call("Cidr", sizeMask === undefined ? [block, count] : [block, count, String(sizeMask)]);
  }

  /**
   * The zones of a region.
   * @param region that of the stack without it
   */
  static getAzs(region = ""): IResolvable {
    return call("GetAZs", region);
  }

  /**
   * A value as JSON.
   * @param value a list or map
   */
  static toJsonString(value: unknown): string {
    return text("ToJsonString", value);
  }

  /**
   * The number of elements of a list.
   * @param list a list that is a token
   */
  static len(list: IResolvable): IResolvable {
    return call("Length", list);
  }

  /**
   * One value or the other.
   * @param condition decides
   * @param whenTrue the value when it holds
   * @param whenFalse the value when it does not; `Pseudo.NO_VALUE` leaves a property out
   */
  static conditionIf(condition: Condition, whenTrue: unknown, whenFalse: unknown): IResolvable {
    return {
      resolve: (context) => ({
        "Fn::If": [condition._nameIn(context.scope), context.resolve(whenTrue), context.resolve(whenFalse)],
      }),
    };
  }

  /**
   * Whether two values are the same.
   * @param left a value
   * @param right a value
   */
  static conditionEquals(left: unknown, right: unknown): IResolvable {
    return call("Equals", [left, right]);
  }

  /**
   * Whether a condition does not hold.
   * @param condition a `Condition`, or what these functions give
   */
  static conditionNot(condition: IResolvable): IResolvable {
    return call("Not", [condition]);
  }

  /**
   * Whether all conditions hold.
   * @param conditions two to ten
   */
  static conditionAnd(...conditions: IResolvable[]): IResolvable {
    return call("And", conditions);
  }

  /**
   * Whether one of the conditions holds.
   * @param conditions two to ten
   */
  static conditionOr(...conditions: IResolvable[]): IResolvable {
    return call("Or", conditions);
  }

  private constructor() {}
}
