import type { TObject } from "typebox";
import { invariant } from "../../platform/invariant.ts";
import type { Service } from "../../services/manifest.ts";
import type { AnyResourceType, Replacement, ResourceHandlers, ResourceType } from "../../services/resource-type.ts";
import { expandSchema, readTypeFacts, type FactSchema, type TypeFacts } from "./cloudformation-facts.ts";

/**
 * A CloudFormation type on our services. What its properties may be, what an update of each requires and what it can be
 * asked for comes from the registry's facts; the row says what becomes of them.
 */
export interface AwsTypeRow<P extends object, Attribute extends string> {
  readonly name: `AWS::${string}`;
  readonly summary: string;
  /** The native type that shows the same records. */
  readonly twinOf?: string;
  readonly idOfTwin?: AnyResourceType["idOfTwin"];
  /** What it can be asked for, and what `Ref` gives. */
  readonly attributes: readonly Attribute[];
  readonly nameProperty?: keyof P & string;
  /** Attributes that change when these properties do. */
  readonly derivedAttributes?: { readonly [Name in Attribute]?: readonly (keyof P & string)[] };
  /** Names of properties, or paths into them, that CloudFormation has and nothing here acts on: they are refused. */
  readonly refused?: readonly Path<P>[];
  readonly recordedOnly?: readonly Path<P>[];
  /** Never read back, beyond what the registry says. */
  readonly writeOnly?: readonly (keyof P & string)[];
  /** When the update of what the facts call `sometimes` replaces; what differs from the facts says why. */
  readonly replacesWhen?: Readonly<Record<string, Replacement>>;
  readonly references?: AnyResourceType["references"];
  readonly checks?: { readonly [Property in keyof P]?: (value: Exclude<P[Property], undefined>) => unknown };
  readonly examples: readonly [AwsExample<P>, ...AwsExample<P>[]];
  readonly handlers: ResourceHandlers<P, Readonly<Record<Attribute, unknown>>, never>;
}
interface AwsExample<P> {
  readonly title: string;
  readonly properties: P;
}
type Path<P> = (keyof P & string) | `${keyof P & string}.${string}`;

/** The facts are read when they are first asked for: a start of the engine needs the names only. */
export function awsResourceType<P extends object>() {
  return <const Attribute extends string>(row: AwsTypeRow<P, Attribute>): AnyResourceType => {
    let made: ReturnType<typeof derive> | undefined;
    const derived = () => (made ??= derive(row, readTypeFacts(row.name)));
    const { name, summary, twinOf, idOfTwin, nameProperty, derivedAttributes, recordedOnly } = row;
    const { references, checks, examples, handlers } = row;
    const type: Partial<ResourceType> = {
      name,
      summary,
      examples: examples as never,
      handlers: handlers as never,
      ...(twinOf !== undefined && { twinOf }),
      ...(idOfTwin && { idOfTwin }),
      ...(nameProperty !== undefined && { nameProperty }),
      ...(derivedAttributes && { derivedAttributes: derivedAttributes as never }),
      ...(recordedOnly && { recordedOnly: recordedOnly as never }),
      ...(references && { references }),
      ...(checks && { checks: checks as never }),
    };
    const members = ["properties", "attributes", "ref", "replacement", "writeOnly", "tags"] as const;
    for (const member of members) {
      Object.defineProperty(type, member, { enumerable: true, get: () => derived()[member] });
    }
    return type as AnyResourceType;
  };
}

/** What of a row the facts are held against. */
interface Claims {
  readonly name: string;
  readonly attributes: readonly string[];
  readonly refused?: readonly string[];
  readonly writeOnly?: readonly string[];
  readonly replacesWhen?: Readonly<Record<string, Replacement>>;
}

function derive(row: Claims, facts: TypeFacts) {
  const { attributes, refused = [] } = row;
  invariant(attributes.includes(facts.ref), `${row.name} gives ${facts.ref}, which Ref asks for`);
  const properties: FactSchema = {
    type: "object",
    properties: Object.fromEntries(
      Object.entries(facts.properties).map(([name, schema]) => [name, expandSchema(schema, facts.definitions)]),
    ),
    required: facts.required,
    additionalProperties: false,
  };
  return {
    properties: refused.reduce(
      (schema, path) => without(schema, path.split("."), row.name),
      properties,
    ) as unknown as TObject,
    attributes: { type: "object", properties: attributeSchemas(attributes, facts) } as unknown as TObject,
    ref: facts.ref,
    replacement: replacementOf(row, facts),
    writeOnly: [...facts.writeOnly.filter((path) => !path.includes(".")), ...(row.writeOnly ?? [])],
    tags: facts.tags === undefined ? undefined : { property: facts.tags, form: "list" as const },
  };
}

const attributeSchemas = (names: readonly string[], facts: TypeFacts) =>
  Object.fromEntries(
    names.map((name) => {
      const known = facts.attributeTypes[name] ?? facts.properties[name];
      invariant(known ?? facts.attributes.includes(name), `${facts.name} has the attribute ${name}`);
      return [name, known ? expandSchema(known, facts.definitions) : { type: "string" }];
    }),
  );

/** A rule that is neither in the facts nor in the row would be a guess. */
function replacementOf(row: Claims, facts: TypeFacts): Readonly<Record<string, Replacement>> {
  const rules: Record<string, Replacement> = { ...row.replacesWhen };
  for (const [path, said] of Object.entries(facts.replaces)) {
    if (said === "always") rules[path] ??= "always";
    const isSettled = rules[path] !== undefined || row.refused?.includes(path);
    invariant(isSettled, `${row.name} says when a change of ${path} replaces it`);
  }
  return rules;
}

/** Nothing fits it, and editors show why. */
const REFUSED: FactSchema = {
  not: {},
  description: "CloudFormation has it; CloudStacks does not act on it yet.",
};

/** The schema with what stands at a path refused. */
function without(schema: FactSchema, path: readonly string[], type: string): FactSchema {
  const [step, ...rest] = path;
  if (step === undefined) return REFUSED;
  if (step === "*") {
    invariant(schema.items, `${type} has a list where a refused path says so`);
    return { ...schema, items: without(schema.items, rest, type) };
  }
  const inner = schema.properties?.[step];
  invariant(inner, `${type} has the property ${step}, which is refused`);
  return { ...schema, properties: { ...schema.properties, [step]: without(inner, rest, type) } };
}

/** The service's own type, for what both do alike: ids, listing and deletion. */
export function nativeType(service: Service, name: string): AnyResourceType {
  const found = service.resources.find((type) => type.name === name);
  invariant(found, `${service.name} has the type ${name}`);
  return found;
}
