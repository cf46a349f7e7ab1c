import { Type, type Static } from "typebox";
import { isObject } from "../../platform/is-object.ts";
import { problem, type Diagnostic, type Problem, type Span } from "../diagnostics/diagnostic.ts";
import { diagnosticsOf, type Source } from "../diagnostics/source.ts";
import { didYouMean } from "../diagnostics/suggestion.ts";
import type { PlannedResource } from "../plan/planned-resource.ts";
import { known } from "../policy/rule.ts";
import { readSettings } from "../template/read-settings.ts";

const amount = Type.Optional(Type.Number({ minimum: 0 }));

const storageSchema = Type.Object(
  {
    standard: amount,
    standardInfrequentAccess: amount,
    oneZoneInfrequentAccess: amount,
    glacierInstantRetrieval: amount,
    glacierFlexibleRetrieval: amount,
    glacierDeepArchive: amount,
  },
  { additionalProperties: false },
);

/** How much of a resource is used in a month, whatever its type. */
const usageSchema = Type.Object(
  {
    storageGb: Type.Optional(Type.Union([Type.Number({ minimum: 0 }), storageSchema])),
    putRequests: amount,
    getRequests: amount,
    requests: amount,
    publishes: amount,
    httpDeliveries: amount,
    emailDeliveries: amount,
    readUnits: amount,
    writeUnits: amount,
    streamReads: amount,
    hours: amount,
    instanceType: Type.Optional(Type.String()),
    volumeType: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
);
export type Usage = Static<typeof usageSchema>;
export type UsageField = keyof Usage;

/** A file of usage assumptions: `cost.yaml`. */
export const usageFileSchema = Type.Object(
  {
    defaults: Type.Optional(Type.Record(Type.String(), usageSchema)),
    resources: Type.Optional(Type.Record(Type.String(), usageSchema)),
  },
  { title: "Usage assumptions of CloudStacks", additionalProperties: false },
);
export type UsageFile = Static<typeof usageFileSchema>;

export const NO_USAGE: UsageFile = {};

const BUCKET = ["storageGb", "putRequests", "getRequests"] as const;
const QUEUE = ["requests"] as const;
const TOPIC = ["publishes", "httpDeliveries", "emailDeliveries"] as const;
const TABLE = ["storageGb", "readUnits", "writeUnits", "streamReads"] as const;

/** What can be assumed of each type. */
const FIELDS: Readonly<Record<string, readonly UsageField[]>> = {
  Bucket: BUCKET,
  "AWS::S3::Bucket": BUCKET,
  Queue: QUEUE,
  "AWS::SQS::Queue": QUEUE,
  Topic: TOPIC,
  "AWS::SNS::Topic": TOPIC,
  Table: TABLE,
  "AWS::DynamoDB::Table": TABLE,
  Instance: ["hours", "instanceType"],
  Volume: ["volumeType"],
};

export interface ReadUsage {
  readonly usage: UsageFile;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads usage assumptions for these resources. What they say of a resource that is not there, or of a type that has no
 * such usage, would quietly do nothing, and is refused; but of what is not there only when these are all there are.
 */
export function readUsage(source: Source, resources: readonly PlannedResource[], areAll = true): ReadUsage {
  const { value, problems, spanOf } = readSettings(usageFileSchema, source);
  const found: Problem[] = [...problems];
  for (const [type, usage] of entriesOf(value.defaults)) {
    const fields = FIELDS[type];
    const at = spanOf(["defaults", type], "key");
    const types = Object.keys(FIELDS);
    if (!fields) found.push(problem("CS1205", `no usage of ${type} has a price`, at, didYouMean(type, types)));
    else found.push(...unused(usage, fields, type, (name) => spanOf(["defaults", type, name], "key")));
  }
  for (const [name, usage] of entriesOf(value.resources)) {
    const resource = resources.find((each) => namesOf(each).includes(name));
    const at = spanOf(["resources", name], "key");
    const type = resource && known(resource).type;
    if (type === undefined) {
      if (!areAll || isOfOtherStack(name, resources)) continue;
      const names = resources.flatMap(namesOf);
      found.push(problem("CS1103", `there is no resource "${name}"`, at, didYouMean(name, names)));
    } else found.push(...unused(usage, FIELDS[type] ?? [], type, (key) => spanOf(["resources", name, key], "key")));
  }
  return { usage: value, diagnostics: diagnosticsOf(found, source) };
}

/** What is wrong in itself has been told already, and does not keep the rest from being looked at. */
const entriesOf = (part: UsageFile["defaults"]): readonly (readonly [string, Usage])[] =>
  isObject(part) ? Object.entries(part) : [];

/** `Uploads`, or `web/Uploads` when several stacks have one. */
const namesOf = ({ stack, logicalId }: PlannedResource) => [logicalId, `${stack}/${logicalId}`];

const isOfOtherStack = (name: string, resources: readonly PlannedResource[]): boolean =>
  name.includes("/") && !resources.some(({ stack }) => name.startsWith(`${stack}/`));

function unused(
  usage: Usage,
  fields: readonly UsageField[],
  type: string,
  spanOf: (name: string) => Span,
): Problem[] {
  return Object.keys(isObject(usage) ? usage : {})
    .filter((name) => name in usageSchema.properties && !(fields as readonly string[]).includes(name))
    .map((name) => {
      const takes = fields.length > 0 ? `it takes ${fields.join(", ")}` : "nothing of it has a price";
      return problem("CS1203", `${type} has no usage "${name}"`, spanOf(name), takes);
    });
}

/** What is assumed of a resource: of its type, of its name, of its name in its stack; the last wins. */
export function usageOf(file: UsageFile, resource: PlannedResource): Usage {
  const own = namesOf(resource).map((name) => file.resources?.[name]);
  return Object.assign({}, file.defaults?.[known(resource).type], ...own) as Usage;
}
