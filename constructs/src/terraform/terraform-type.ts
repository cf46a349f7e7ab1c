/** How the provider `cloudstacks/cloudstacks` has a resource type. */
export interface TerraformType {
  /** `cloudstacks_bucket` */
  readonly resource: string;
  /** The attribute that `Ref` gives. */
  readonly ref: string;
  /** What `Fn::GetAtt` gives, by the names that templates use. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly properties: Arguments;
}

/** Arguments by the properties that they are: the argument's name, and its form where it is not passed as it is. */
export type Arguments = Readonly<Record<string, string | readonly [name: string, form: Form]>>;

/** A text that holds JSON, a map of other arguments, or a list or map of one of these. */
export type Form = "json" | Each | Arguments;

export interface Each {
  readonly each: Form;
  readonly of: "list" | "map";
}

export const isEach = (form: Form): form is Each => typeof form === "object" && "each" in form && "of" in form;
