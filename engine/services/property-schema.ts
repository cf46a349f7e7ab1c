/** The part of JSON Schema that resource types are written in. `V`: what a constant or default can be. */
export interface PropertySchema<V = unknown> {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, PropertySchema<V>>>;
  readonly patternProperties?: Readonly<Record<string, PropertySchema<V>>>;
  readonly additionalProperties?: boolean | PropertySchema<V>;
  readonly required?: readonly string[];
  readonly items?: PropertySchema<V>;
  readonly enum?: readonly V[];
  readonly const?: V;
  readonly anyOf?: readonly PropertySchema<V>[];
  /** Stands for what is refused by name. */
  readonly not?: PropertySchema<V>;
  readonly default?: V;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}
