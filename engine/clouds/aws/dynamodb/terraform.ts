import type { Expression } from "../../../stack/expressions/expression.ts";
import {
  block,
  entryOf,
  inlined,
  json,
  tags,
  textIn,
  type Forms,
} from "../../../stack/export/terraform/arguments.ts";
import { UnsaidInTerraform, type Argument } from "../../../stack/export/terraform/terraform-type.ts";
import { literalOf, textLiteral } from "../../../stack/export/literal.ts";
import { awsTerraformType, owned, valueIn, type Around, type TerraformTypes } from "../terraform-type.ts";

const KEYS: Readonly<Record<string, string>> = { HASH: "hash_key", RANGE: "range_key" };

function keyArguments(value: Expression): readonly Argument[] {
  if (value.kind !== "list") throw new UnsaidInTerraform("KeySchema is not written out");
  return value.items.map((item) => {
    const name = KEYS[textIn(entryOf(item, "KeyType")) ?? ""];
    const key = entryOf(item, "AttributeName");
    if (name === undefined || !key) throw new UnsaidInTerraform("a key of KeySchema is not written out");
    return { name, value: key };
  });
}

const units = inlined({ ReadCapacityUnits: "read_capacity", WriteCapacityUnits: "write_capacity" });
const onDemand = block("on_demand_throughput", {
  MaxReadRequestUnits: "max_read_request_units",
  MaxWriteRequestUnits: "max_write_request_units",
});
const index: Forms = {
  IndexName: "name",
  Projection: inlined({ ProjectionType: "projection_type", NonKeyAttributes: "non_key_attributes" }),
  ProvisionedThroughput: units,
  OnDemandThroughput: onDemand,
};
const literal = (value: string | boolean) => literalOf(value);

const TABLE = ["table_name", "TableName"] as const;

const insights: Around = {
  type: "aws_dynamodb_contributor_insights",
  resources(value, table) {
    if (textIn(entryOf(value, "Enabled")) !== "true") return [];
    const mode = textIn(entryOf(value, "Mode")) ?? ALL_KEYS;
    if (mode !== ALL_KEYS) throw new UnsaidInTerraform("ContributorInsightsSpecification.Mode has no argument there");
    const importId = (name: string) => `name:${name}/index:/${valueIn(table, "Arn").split(":")[4]}`;
    return owned(insights.type, TABLE, () => [], { importId }).resources(value, table);
  },
};
const ALL_KEYS = "ACCESSED_AND_THROTTLED_KEYS";

const kinesisStream: Around = {
  type: "aws_dynamodb_kinesis_streaming_destination",
  resources(value, table) {
    const body = inlined({
      StreamArn: "stream_arn",
      ApproximateCreationDateTimePrecision: "approximate_creation_date_time_precision",
    });
    const importId = (name: string) => `${name},${textIn(entryOf(value, "StreamArn")) ?? ""}`;
    return owned(kinesisStream.type, TABLE, body, { importId }).resources(value, table);
  },
};

export const terraformTypes: TerraformTypes = {
  "AWS::DynamoDB::Table": awsTerraformType({
    resource: "aws_dynamodb_table",
    idAttribute: "name",
    attributes: { TableName: "name", Arn: "arn", StreamArn: "stream_arn" },
    // The provider makes up no name.
    more: (table) =>
      entryOf(table.properties, "TableName") ? [] : [{ name: "name", value: textLiteral(valueIn(table, "TableName")) }],
    forms: {
      TableName: "name",
      BillingMode: "billing_mode",
      TableClass: "table_class",
      DeletionProtectionEnabled: "deletion_protection_enabled",
      KeySchema: keyArguments,
      AttributeDefinitions: block("attribute", { AttributeName: "name", AttributeType: "type" }),
      ProvisionedThroughput: units,
      OnDemandThroughput: onDemand,
      GlobalSecondaryIndexes: block("global_secondary_index", { ...index, KeySchema: keyArguments }),
      LocalSecondaryIndexes: block("local_secondary_index", {
        ...index,
        // Its hash key is the table's.
        KeySchema: (value) => keyArguments(value).filter((each) => "name" in each && each.name !== KEYS["HASH"]),
      }),
      StreamSpecification: (value) => [
        { name: "stream_enabled", value: literal(true) },
        ...inlined({ StreamViewType: "stream_view_type" })(value),
      ],
      SSESpecification: block("server_side_encryption", {
        SSEEnabled: "enabled",
        SSEType: () => [],
        KMSMasterKeyId: "kms_key_arn",
      }),
      TimeToLiveSpecification: block("ttl", { AttributeName: "attribute_name", Enabled: "enabled" }),
      PointInTimeRecoverySpecification: block("point_in_time_recovery", {
        PointInTimeRecoveryEnabled: "enabled",
        RecoveryPeriodInDays: "recovery_period_in_days",
      }),
      Tags: tags(),
    },
    around: {
      ContributorInsightsSpecification: insights,
      KinesisStreamSpecification: kinesisStream,
      // The provider wants to write a default into it after an import, which changes nothing there.
      ResourcePolicy: owned(
        "aws_dynamodb_resource_policy",
        ["resource_arn", "Arn"],
        inlined({ PolicyDocument: json("policy") }),
      ),
    },
  }),
};
