import {
  jsonValue,
  array,
  boolean,
  constant,
  constantFrom,
  dictionary,
  double,
  integer,
  oneof,
  record,
  string,
  subarray,
  tuple,
  uint8Array,
  type Arbitrary,
} from "fast-check";

/** What of JSON Schema the operation rows use. */
export interface RowSchema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly RowSchema[];
  readonly properties?: Readonly<Record<string, RowSchema>>;
  readonly required?: readonly string[];
  readonly patternProperties?: Readonly<Record<string, RowSchema>>;
  readonly additionalProperties?: RowSchema | boolean;
  readonly items?: RowSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly contentEncoding?: string;
}

export interface ArbitraryOptions {
  /** Every optional property is there. */
  readonly isFull?: boolean;
  /** Texts by property name, where any text would only ever be refused. */
  readonly texts?: Readonly<Record<string, readonly string[]>>;
  /** Values for a property that its schema does not describe. */
  readonly values?: Readonly<Record<string, Arbitrary<unknown>>>;
  /** Stands for objects of which the schema says nothing. */
  readonly undescribed?: Arbitrary<unknown>;
}

const ITEMS_MAX = 3;

/** Values that fit a row's schema, small ones: for tests that try every operation. */
export function arbitraryOf(schema: RowSchema, options: ArbitraryOptions = {}, name = ""): Arbitrary<unknown> {
  const own = options.values?.[name];
  if (own !== undefined) return own;
  if (schema.const !== undefined) return constant(schema.const);
  if (schema.enum !== undefined) return constantFrom(...schema.enum);
  if (schema.anyOf !== undefined) return oneof(...schema.anyOf.map((one) => arbitraryOf(one, options, name)));
  switch (schema.type) {
    case "object":
      return objectOf(schema, options);
    case "array": {
      const { items = {}, minItems = 0, maxItems = ITEMS_MAX } = schema;
      const smallest = Math.max(minItems, options.isFull === true ? 1 : 0);
      return array(arbitraryOf(items, options, name), {
        minLength: smallest,
        maxLength: Math.max(smallest, Math.min(maxItems, ITEMS_MAX)),
      });
    }
    case "string":
      return textOf(schema, options, name);
    case "integer":
      return numberOf(schema);
    case "number":
      return oneof(numberOf(schema), double({ min: schema.minimum ?? -1e9, max: schema.maximum ?? 1e13, noNaN: true }));
    case "boolean":
      return boolean();
    case "null":
      return constant(null);
    default:
      return jsonValue({ maxDepth: 2 });
  }
}

function objectOf(schema: RowSchema, options: ArbitraryOptions): Arbitrary<unknown> {
  const { properties, patternProperties = {}, additionalProperties } = schema;
  if (properties === undefined) {
    const [value] = Object.values(patternProperties);
    const described = value ?? (typeof additionalProperties === "object" ? additionalProperties : undefined);
    if (described === undefined && options.undescribed !== undefined) return options.undescribed;
    const values = described === undefined ? jsonValue({ maxDepth: 1 }) : arbitraryOf(described, options);
    return dictionary(string({ maxLength: 4 }), values, { maxKeys: ITEMS_MAX, noNullPrototype: true });
  }
  const entries = Object.entries(properties).map(([name, of]) => [name, arbitraryOf(of, options, name)] as const);
  const model = Object.fromEntries(entries);
  const all = record(model, { noNullPrototype: true });
  if (options.isFull === true) return all;
  const required = schema.required ?? [];
  const optional = Object.keys(properties).filter((name) => !required.includes(name));
  // Few at a time: an input that says everything is mostly refused for one of it.
  const kept = oneof(subarray(optional, { maxLength: Math.min(2, optional.length) }), subarray(optional));
  return tuple(all, kept).map(([values, names]) =>
    Object.fromEntries([...required, ...names].map((name) => [name, values[name]])),
  );
}

function textOf(schema: RowSchema, options: ArbitraryOptions, name: string): Arbitrary<unknown> {
  if (schema.contentEncoding === "base64") return uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes));
  const { minLength = 0, maxLength = 24 } = schema;
  const any = string({ minLength, maxLength: Math.max(minLength, Math.min(maxLength, 24)), unit: "grapheme" });
  const known = options.texts?.[name];
  // Mostly what means something, so that operations get further than their first check.
  if (known === undefined) return any;
  return oneof({ weight: 6, arbitrary: constantFrom(...known) }, { weight: 1, arbitrary: any });
}

function numberOf({ minimum = -2, maximum = 2 ** 31 }: RowSchema): Arbitrary<number> {
  const any = integer({ min: Math.ceil(minimum), max: Math.floor(Math.min(maximum, 2 ** 31 - 1)) });
  const small = integer({ min: Math.ceil(minimum), max: Math.floor(Math.min(maximum, Math.max(minimum, 0) + 5)) });
  return oneof({ weight: 4, arbitrary: small }, { weight: 1, arbitrary: any });
}
