import type { Expression } from "../../expressions/expression.ts";
import type { ExportedResource } from "../exported.ts";

/** A provider that Terraform is told of. */
export interface TerraformProvider {
  /** `aws` */
  readonly name: string;
  /** `hashicorp/aws` */
  readonly source: string;
  /** Whether it is told the account; otherwise credentials say which it is. */
  readonly takesAccount?: boolean;
}

/** How a provider of Terraform has a resource type. */
export interface TerraformType {
  readonly provider: TerraformProvider;
  /** What references to it lead to: `aws_sqs_queue`. */
  readonly resource: string;
  /** Terraform's name of each attribute that it has: `{ Arn: "arn" }`. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Terraform's attribute that holds the engine's id; undefined when its resources are adopted as another type's. */
  readonly idAttribute?: string;
  /** Terraform's types whose resources are parts of this one. */
  readonly parts?: readonly string[];
  /**
   * What a resource becomes.
   * Errors: `UnsaidInTerraform`
   */
  resources(resource: ExportedResource): readonly TerraformResource[];
}

export interface TerraformResource {
  readonly type: string;
  /** Tells apart several resources of one type that one resource becomes. */
  readonly suffix?: string;
  readonly body: readonly Argument[];
  readonly importId: string;
  /** Arguments whose difference is none. */
  readonly ignored?: readonly Ignored[];
}

/** An argument that a plan is not to look at, and why, in a sentence. */
export interface Ignored {
  readonly name: string;
  readonly because: string;
}

/** What the provider reads from nowhere, so that an import cannot know it. */
export const inStateAlone = (...names: readonly string[]): readonly Ignored[] =>
  names.map((name) => ({ name, because: "Terraform keeps it in its state alone, where an import cannot find it." }));

/** `name = value`, or a block. */
export type Argument =
  | { readonly name: string; readonly value: Expression }
  | { readonly block: string; readonly body: readonly Argument[] };

/** What a provider has no argument for. */
export class UnsaidInTerraform extends Error {
  override name = "UnsaidInTerraform";
}
