import type { CDKMetadataProperties } from "../../../models/cloudformation/aws-cdk-metadata.generated.ts";
import { generatedName } from "../../../services/generated-name.ts";
import type { AnyResourceType } from "../../../services/resource-type.ts";
import { declared } from "../declared.ts";
import { awsResourceType, type AwsTypeRow } from "../resource-type.ts";

type Marker = Pick<
  AwsTypeRow<CDKMetadataProperties, "Id">,
  "name" | "summary" | "recordedOnly" | "examples"
>;

const stateOf = (id: string, properties: CDKMetadataProperties) => ({ id, properties, attributes: { Id: id } });

/** A type whose resources are kept as they are declared, and do nothing. */
function marker(row: Marker): AnyResourceType {
  const records = declared<CDKMetadataProperties>(row.name);
  return awsResourceType<CDKMetadataProperties>()({
    ...row,
    attributes: ["Id"],
    handlers: {
      async create(tx, properties, ctx) {
        const id = generatedName(ctx);
        await records.put(tx, id, properties, ctx);
        return stateOf(id, properties);
      },
      async read(tx, id, ctx) {
        const properties = await records.get(tx, id, ctx);
        return properties && stateOf(id, properties);
      },
      async update(tx, id, properties, _previous, ctx) {
        await records.put(tx, id, properties, ctx);
        return stateOf(id, properties);
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
