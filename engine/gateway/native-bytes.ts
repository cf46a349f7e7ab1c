import { ServiceError } from "../services/errors.ts";

/** What says in a row's schema where bytes are. */
interface SchemaNode {
  /** This text is base64 of bytes. */
  readonly contentEncoding?: string;
  /** Anywhere below, texts (and lists of texts) under these names are base64 of bytes. */
  readonly bytesBelow?: readonly string[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly patternProperties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: SchemaNode | boolean;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function bytesOf(text: string, path: string): Buffer {
  if (BASE64.test(text)) return Buffer.from(text, "base64");
  throw new ServiceError("InvalidInput", "invalidInput", `${path} must be base64`);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);

/**
 * JSON input with bytes where the schema says bytes: at nodes with `contentEncoding: "base64"` and, below nodes with
 * `bytesBelow`, under the names it lists. Errors: InvalidInput, naming the member that is not base64.
 */
export function withBytes(schema: SchemaNode, value: unknown, path = "input"): unknown {
  if (typeof value === "string") return schema.contentEncoding === "base64" ? bytesOf(value, path) : value;
  // Alternatives differ by their members' names; where a text may be either, it stays a text.
  if (schema.anyOf !== undefined) return schema.anyOf.reduce((read, one) => withBytes(one, read, path), value);
  if (schema.bytesBelow !== undefined) return below(new Set(schema.bytesBelow), value, path);
  if (Array.isArray(value)) {
    const { items } = schema;
    return items === undefined ? value : value.map((each, index) => withBytes(items, each, `${path}/${index}`));
  }
  if (!isObject(value)) return value;
  const { properties = {}, patternProperties = {}, additionalProperties } = schema;
  const others = Object.values(patternProperties)[0] ?? (isObject(additionalProperties) ? additionalProperties : {});
  return mapped(value, (name, each) =>
    withBytes(Object.hasOwn(properties, name) ? (properties[name] as SchemaNode) : others, each, `${path}/${name}`),
  );
}

function below(names: ReadonlySet<string>, value: unknown, path: string, isBytes = false): unknown {
  if (typeof value === "string") return isBytes ? bytesOf(value, path) : value;
  if (Array.isArray(value)) return value.map((each, index) => below(names, each, `${path}/${index}`, isBytes));
  if (!isObject(value)) return value;
  return mapped(value, (name, each) => below(names, each, `${path}/${name}`, names.has(name)));
}

function mapped(value: Record<string, unknown>, make: (name: string, each: unknown) => unknown) {
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, make(name, each)]));
}
