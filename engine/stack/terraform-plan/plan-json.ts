/** What is read of `terraform show -json PLAN`. Source: Terraform's documentation, JSON Output Format */
export interface TerraformPlanJson {
  readonly format_version: string;
  readonly terraform_version?: string;
  readonly resource_changes?: readonly TerraformResourceChange[];
  /** What was changed outside of Terraform. */
  readonly resource_drift?: readonly TerraformResourceChange[];
  readonly output_changes?: Readonly<Record<string, TerraformChange>>;
  readonly configuration?: { readonly root_module?: TerraformModule };
}

export interface TerraformResourceChange {
  /** `module.shop.aws_sqs_queue.jobs["a"]` */
  readonly address: string;
  /** What it is called before: it is moved. */
  readonly previous_address?: string;
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly name: string;
  readonly change: TerraformChange;
  /** `replace_because_cannot_update` and others. */
  readonly action_reason?: string;
}

export type TerraformAction = "no-op" | "create" | "read" | "update" | "delete" | "forget";

export interface TerraformChange {
  readonly actions: readonly TerraformAction[];
  readonly before?: unknown;
  /** Without what is not known yet. */
  readonly after?: unknown;
  /** True where `after` is not known yet, in the same shape. */
  readonly after_unknown?: unknown;
  /** True where a value is sensitive, in the same shape. */
  readonly before_sensitive?: unknown;
  readonly after_sensitive?: unknown;
  /** The attributes that force a replacement. */
  readonly replace_paths?: readonly (readonly (string | number)[])[];
  readonly importing?: { readonly id?: string };
}

export interface TerraformModule {
  readonly resources?: readonly {
    readonly address: string;
    readonly expressions?: unknown;
    readonly depends_on?: readonly string[];
  }[];
  readonly module_calls?: Readonly<Record<string, { readonly module?: TerraformModule }>>;
}

/** The plan that `terraform show -json` wrote; undefined for any other text. */
export function terraformPlanIn(text: string): TerraformPlanJson | undefined {
  if (!text.startsWith("{") || !text.includes('"resource_changes"')) return undefined;
  try {
    const content = JSON.parse(text) as Partial<TerraformPlanJson>;
    const isPlan = typeof content.format_version === "string" && Array.isArray(content.resource_changes);
    return isPlan ? (content as TerraformPlanJson) : undefined;
  } catch {
    // Not JSON, so none of Terraform's: whoever reads it as a template says what is wrong with it.
    return undefined;
  }
}
