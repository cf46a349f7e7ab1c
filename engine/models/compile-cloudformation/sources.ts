import { gunzipSync } from "node:zlib";
import { invariant } from "../../platform/invariant.ts";
import { fileOfPinnedPackage, pinnedWheel } from "../pinned-sources.ts";
import { zipFiles } from "../zip.ts";

/** Carries the schemas of CloudFormation's registry for every region. */
const CFN_LINT = {
  name: "cfn-lint",
  version: "1.58.0",
  sha256: "9d9f06043160756a6158f5c3f92a44ce38254b1c578127461608305bc8262987",
};
/** Knows of each property what an update of it requires, which the registry tells only in part. */
const SERVICE_SPEC = {
  name: "@aws-cdk/aws-service-spec",
  version: "0.1.216",
  sha256: "2305b840c961bf7ab982a3e67a44cd2fe1f8fad78d8f2598c0fd36fbf17c9af8",
};
const REGION = "us-east-1";

export type SourceSchema = { readonly [keyword: string]: unknown };

/** A schema of the registry, as far as the compiler reads it. Paths are JSON pointers: `/properties/Name`. */
export interface RegistrySchema {
  readonly typeName: string;
  readonly properties: Readonly<Record<string, SourceSchema>>;
  readonly definitions?: Readonly<Record<string, SourceSchema>>;
  readonly required?: readonly string[];
  readonly primaryIdentifier: readonly string[];
  readonly createOnlyProperties?: readonly string[];
  readonly conditionalCreateOnlyProperties?: readonly string[];
  readonly readOnlyProperties?: readonly string[];
  readonly writeOnlyProperties?: readonly string[];
  readonly tagging?: { readonly taggable?: boolean; readonly tagProperty?: string };
}

/** What the service specification says of a type. */
export interface SpecifiedType {
  readonly cloudFormationType: string;
  readonly cfnRefIdentifier?: readonly string[];
  readonly properties: Readonly<Record<string, { readonly causesReplacement?: "yes" | "no" | "maybe" }>>;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** The registry's schema of a type, by name. */
export function readRegistry(): (type: string) => RegistrySchema {
  const files = zipFiles(pinnedWheel(CFN_LINT));
  const json = (path: string) => {
    const read = files.get(`cfnlint/data/schemas/${path}.json`);
    invariant(read, `cfn-lint has ${path}.json`);
    return JSON.parse(read().toString()) as unknown;
  };
  const hashes = json(`providers/${REGION}`) as Readonly<Record<string, string>>;
  return (type) => {
    invariant(hashes[type], `${type} is a type of ${REGION}`);
    return json(`resources/${hashes[type]}`) as RegistrySchema;
  };
}

/** The specified types by name; some of the registry are not among them. */
export function readServiceSpec(): ReadonlyMap<string, SpecifiedType> {
  const text = gunzipSync(fileOfPinnedPackage(SERVICE_SPEC, "db.json.gz")).toString();
  const { schema } = JSON.parse(text) as { schema: { resource: { entities: readonly SpecifiedType[] } } };
  return new Map(schema.resource.entities.map((each) => [each.cloudFormationType, each]));
}
