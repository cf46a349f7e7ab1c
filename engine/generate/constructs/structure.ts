/** What a construct class is written from. */
export interface ConstructClass {
  readonly name: string;
  /** As templates write it. */
  readonly type: string;
  readonly summary: string;
  readonly tags: { readonly property: string; readonly form: "map" | "list" } | undefined;
  /** Of its properties first, then those within them. */
  readonly structures: readonly Structure[];
  readonly choices: readonly Choice[];
  readonly attributes: readonly Attribute[];
}

/** A map of known properties. */
export interface Structure {
  readonly name: string;
  readonly summary: string;
  readonly fields: readonly Field[];
}

export interface Field {
  readonly name: string;
  /** Its name in templates. */
  readonly called: string;
  /** In TypeScript. */
  readonly source: string;
  readonly isRequired: boolean;
  readonly documentation: readonly string[];
  /** The structure that it holds, or that the elements of its list or map are. */
  readonly structure?: { readonly name: string; readonly isMap: boolean };
}

/** The texts that a property takes, as constants for languages without literal types. */
export interface Choice {
  readonly name: string;
  readonly summary: string;
  readonly members: readonly { readonly name: string; readonly value: string }[];
}

export interface Attribute {
  readonly name: string;
  /** As `Fn::GetAtt` calls it. */
  readonly called: string;
  readonly isText: boolean;
  readonly description: string;
}
