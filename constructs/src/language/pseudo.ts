import { Intrinsic } from "../tokens/token.ts";

const pseudo = (name: string): string => new Intrinsic({ Ref: `AWS::${name}` }).toString();

/** What every template knows of its deployment, as texts. */
export class Pseudo {
  /** The account that the stack is deployed to. */
  static readonly ACCOUNT_ID: string = pseudo("AccountId");
  /** The region that the stack is deployed to. */
  static readonly REGION: string = pseudo("Region");
  /** The first part of ARNs: `aws`. */
  static readonly PARTITION: string = pseudo("Partition");
  /** The stack's name. */
  static readonly STACK_NAME: string = pseudo("StackName");
  /** The stack's id. */
  static readonly STACK_ID: string = pseudo("StackId");
  /** The domain of the cloud's endpoints. */
  static readonly URL_SUFFIX: string = pseudo("URLSuffix");
  /** Leaves a property out. */
  static readonly NO_VALUE: string = pseudo("NoValue");

  private constructor() {}
}
