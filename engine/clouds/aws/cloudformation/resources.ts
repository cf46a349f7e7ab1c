import { generatedName } from "../../../services/generated-name.ts";
import type { AnyResourceType } from "../../../services/resource-type.ts";
import { declared } from "../declared.ts";
import { awsResourceType, type AwsTypeRow } from "../resource-type.ts";
import { markerState, type MarkerProperties } from "./model.ts";

type Marker = Pick<AwsTypeRow<MarkerProperties, "Id">, "name" | "summary" | "recordedOnly" | "examples">;

/** A type whose resources are kept as they are declared, and do nothing. */
function marker(row: Marker): AnyResourceType {
  const records = declared<MarkerProperties>(row.name);
  return awsResourceType<MarkerProperties>()({
    ...row,
    attributes: ["Id"],
    handlers: {
      async create(tx, properties, ctx) {
        const id = generatedName(ctx);
        await records.put(tx, id, properties, ctx);
        return markerState(id, properties);
      },
      async read(tx, id, ctx) {
        const properties = await records.get(tx, id, ctx);
        return properties && markerState(id, properties);
      },
      async update(tx, id, properties, _previous, ctx) {
        await records.put(tx, id, properties, ctx);
        return markerState(id, properties);
      },
      delete: records.remove,
      list: records.list,
    },
  });
}

/** What templates can declare that only marks a place: CDK writes the first into every stack. */
export const resources: readonly AnyResourceType[] = [
  marker({
    name: "AWS::CDK::Metadata",
    summary: "What a CDK app was built with. Kept; nothing acts on it.",
    recordedOnly: ["Analytics", "Modules"],
    examples: [{ title: "what CDK writes", properties: { Analytics: "v2:deflate64:H4sIAAAAAAAA" } }],
  }),
  marker({
    name: "AWS::CloudFormation::WaitConditionHandle",
    summary: "A resource that is nothing: what a template declares that wants a stack without anything in it.",
    examples: [{ title: "an empty stack", properties: {} }],
  }),
];
