import type { Ids } from "../../platform/ids.ts";
import { errors } from "./errors.ts";
import {
  LIMITS,
  type IndexRecord,
  type KeyAttribute,
  type KeySchema,
  type OnDemandLimits,
  type Projected,
  type Throughput,
} from "./model.ts";

/** A key as a request declares it: the attribute and its part. */
export interface KeyElement {
  readonly name: string;
  readonly role: "partition" | "sort";
}
export interface IndexDefinition {
  readonly name: string;
  readonly isLocal: boolean;
  readonly keys: readonly KeyElement[];
  readonly projection?: { readonly kind?: Projected["kind"]; readonly attributes?: readonly string[] };
  readonly throughput?: Throughput;
  readonly onDemandLimits?: OnDemandLimits;
}

const INVALID = "One or more parameter values were invalid: ";
const refused = (reason: string) => errors.InvalidTable({ reason });
const nameForm = /^[a-zA-Z0-9_.-]+$/;

/** Errors: `InvalidTable` */
export function checkTableName(name: string): void {
  if (name.length < 3 || name.length > 255) {
    throw refused("TableName must be at least 3 characters long and at most 255 characters long");
  }
  if (!nameForm.test(name)) {
    throw refused(
      `1 validation error detected: Value '${name}' at 'tableName' failed to satisfy constraint: `
        + "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
    );
  }
}

function checkKeyForm(keys: readonly KeyElement[]): void {
  const [first, second] = keys;
  if (first?.role !== "partition")
    throw refused("Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
  if (second && second.role !== "sort")
    throw refused("Invalid KeySchema: The second KeySchemaElement is not a RANGE key type");
  if (keys.length > 2)
    throw refused("Key Schema too big.  Key Schema must at most consist of the hash and range key of a table");
  if (second && second.name === first.name) {
    throw refused("Both the Hash Key and the Range Key element in the KeySchema have the same name");
  }
}

const listed = (named: readonly { name: string }[]) => `[${named.map(({ name }) => name).join(", ")}]`;

/** Errors: `InvalidTable` */
export function checkAttributes(attributes: readonly KeyAttribute[]): void {
  if (new Set(attributes.map(({ name }) => name)).size === attributes.length) return;
  throw refused("Cannot have two attributes with the same name");
}

/** Errors: `InvalidTable` */
export function keySchemaOf(keys: readonly KeyElement[], attributes: readonly KeyAttribute[]): KeySchema {
  checkKeyForm(keys);
  const [partitionKey, sortKey] = keys.map((key) => {
    const attribute = attributes.find((candidate) => candidate.name === key.name);
    if (attribute) return attribute;
    throw refused(
      `${INVALID}Some index key attributes are not defined in AttributeDefinitions. `
        + `Keys: ${listed(keys)}, AttributeDefinitions: ${listed(attributes)}`,
    );
  });
  return { partitionKey: partitionKey as KeyAttribute, ...(sortKey && { sortKey }) };
}

function projectionOf(given: IndexDefinition["projection"]): Projected {
  const kind = given?.kind;
  const attributes = given?.attributes;
  if (kind === undefined) throw refused(`${INVALID}Unknown ProjectionType: null`);
  if (kind === "include" && (attributes === undefined || attributes.length === 0)) {
    throw refused(`${INVALID}ProjectionType is INCLUDE, but NonKeyAttributes is not specified`);
  }
  if (kind !== "include" && attributes !== undefined && attributes.length > 0) {
    throw refused(
      `${INVALID}ProjectionType is ${kind === "all" ? "ALL" : "KEYS_ONLY"}, but NonKeyAttributes is specified`,
    );
  }
  return { kind, ...(kind === "include" && { attributes: attributes ?? [] }) };
}

function checkLocal(index: IndexDefinition, schema: KeySchema, table: KeySchema): void {
  if (!table.sortKey) {
    throw refused(
      `${INVALID}Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex`,
    );
  }
  if (!schema.sortKey) throw refused(`${INVALID}Index KeySchema does not have a range key for index: ${index.name}`);
  if (schema.partitionKey.name !== table.partitionKey.name) {
    throw refused(
      `${INVALID}Index KeySchema does not have the same leading hash key as table KeySchema for index: ${index.name}. `
        + `index hash key: ${schema.partitionKey.name}, table hash key: ${table.partitionKey.name}`,
    );
  }
}

/** Errors: `InvalidTable` */
export function checkThroughput(
  throughput: Throughput | undefined,
  billing: "provisioned" | "onDemand",
  indexName?: string,
): void {
  const whose = indexName === undefined ? "" : ` for index: ${indexName}`;
  if (billing === "onDemand" && throughput !== undefined) {
    throw refused(
      `${INVALID}Neither ReadCapacityUnits nor WriteCapacityUnits can be specified `
        + `when BillingMode is PAY_PER_REQUEST${whose}`,
    );
  }
  if (billing === "provisioned" && throughput === undefined) {
    throw refused(
      indexName === undefined
        ? `${INVALID}ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED`
        : `${INVALID}ProvisionedThroughput must be specified for index: ${indexName}`,
    );
  }
}

const NO_LIMIT = -1;

/** Only on-demand capacity has limits. `isNew`: the table is being made. Errors: `InvalidTable` */
export function checkOnDemandLimits(
  limits: OnDemandLimits | undefined,
  billing: "provisioned" | "onDemand",
  isNew = false,
): void {
  for (const member of ["readUnitsMax", "writeUnitsMax"] as const) {
    const units = limits?.[member];
    if (units === undefined) continue;
    const name = member === "readUnitsMax" ? "MaxReadRequestUnits" : "MaxWriteRequestUnits";
    if (billing === "provisioned") {
      throw refused(
        `${INVALID}${name} for OnDemandThroughput cannot be specified when `
          + (isNew ? "table BillingMode is PROVISIONED." : "the table BillingMode is PROVISIONED"),
      );
    }
    if (units !== NO_LIMIT && units < 1) throw refused(`${INVALID}${name} must be at least 1, or -1 for no limit`);
  }
}

/** Limits as they are after a request: what it does not name stays, and -1 takes one away. */
export function mergedLimits(
  old: OnDemandLimits | undefined,
  wanted: OnDemandLimits | undefined,
): { readonly onDemandLimits?: OnDemandLimits } {
  const merged = Object.entries({ ...old, ...wanted }).filter(([, units]) => units !== NO_LIMIT);
  return merged.length > 0 ? { onDemandLimits: Object.fromEntries(merged) } : {};
}

/** Errors: `InvalidTable` */
export function indexRecordOf(
  index: IndexDefinition,
  table: KeySchema,
  attributes: readonly KeyAttribute[],
  billing: "provisioned" | "onDemand",
  ids: Ids,
): IndexRecord {
  if (index.name.length < 3 || index.name.length > 255 || !nameForm.test(index.name)) {
    throw refused(
      `1 validation error detected: Value '${index.name}' at 'indexName' failed to satisfy constraint: `
        + "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+ and have length between 3 and 255",
    );
  }
  const schema = keySchemaOf(index.keys, attributes);
  if (index.isLocal) checkLocal(index, schema, table);
  else checkThroughput(index.throughput, billing, index.name);
  checkOnDemandLimits(index.onDemandLimits, billing);
  return {
    id: ids.hex(16),
    name: index.name,
    isLocal: index.isLocal,
    ...schema,
    projection: projectionOf(index.projection),
    ...(index.throughput && { throughput: index.throughput }),
    ...mergedLimits(undefined, index.onDemandLimits),
  };
}

/** Errors: `InvalidTable` */
export function checkIndexes(indexes: readonly IndexRecord[]): void {
  const seen = new Set<string>();
  for (const { name } of indexes) {
    if (seen.has(name)) throw refused(`${INVALID}Duplicate index name: ${name}`);
    seen.add(name);
  }
  const local = indexes.filter((index) => index.isLocal).length;
  if (local > LIMITS.localIndexesMax) {
    throw refused(`${INVALID}Number of LocalSecondaryIndexes exceeds per-table limit of ${LIMITS.localIndexesMax}`);
  }
  if (indexes.length - local > LIMITS.globalIndexesMax) {
    throw refused(`${INVALID}GlobalSecondaryIndex count exceeds the per-table limit of ${LIMITS.globalIndexesMax}`);
  }
  const projected = indexes.reduce((count, index) => count + (index.projection.attributes?.length ?? 0), 0);
  if (projected > LIMITS.projectedAttributesMax) {
    throw refused(
      `${INVALID}Number of NonKeyAttributes in all indexes exceeds per-table limit of ${LIMITS.projectedAttributesMax}`,
    );
  }
}

const keyNames = (schemas: readonly KeySchema[]): Set<string> =>
  new Set(
    schemas.flatMap(({ partitionKey, sortKey }) => (sortKey ? [partitionKey.name, sortKey.name] : [partitionKey.name])),
  );

/** The attributes that keys use; declarations do not outlive their index. */
export const usedAttributes = (attributes: readonly KeyAttribute[], schemas: readonly KeySchema[]): KeyAttribute[] => {
  const used = keyNames(schemas);
  return attributes.filter(({ name }) => used.has(name));
};

/** Errors: `InvalidTable` */
export function refuseUnusedAttributes(
  attributes: readonly KeyAttribute[],
  table: KeySchema,
  indexes: readonly IndexRecord[],
): void {
  const used = keyNames([table, ...indexes]);
  if (attributes.every(({ name }) => used.has(name))) return;
  if (indexes.length === 0) {
    throw refused(
      `${INVALID}Number of attributes in KeySchema does not exactly match `
        + "number of attributes defined in AttributeDefinitions",
    );
  }
  throw refused(
    `${INVALID}Some AttributeDefinitions are not used. AttributeDefinitions: `
      + `[${attributes.map(({ name }) => name).join(", ")}], keys used: [${[...used].join(", ")}]`,
  );
}
