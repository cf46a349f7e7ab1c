import type { DynamodbOperations } from "../../../../models/aws/dynamodb.generated.ts";
import type {
  DynamoDBTableProperties as Properties,
} from "../../../../models/cloudformation/aws-dynamodb-table.generated.ts";
import { tagList, tagMap } from "../../tags.ts";
import { ifThere } from "../../wire-calls.ts";
import type { Dynamodb } from "./calls.ts";

interface Table {
  readonly TableName: string;
  readonly TableArn: string;
}

/** A property that has operations of its own: how it is read, and changed to a value or to none. */
export interface TableSetting<Property extends keyof Properties = keyof Properties> {
  readonly property: Property;
  /** The operation that keeps it, and its member. */
  readonly put: readonly [operation: keyof DynamodbOperations, member: string];
  read(dynamodb: Dynamodb, table: Table): Promise<Properties[Property] | undefined>;
  change(
    dynamodb: Dynamodb,
    table: Table,
    to: Properties[Property] | undefined,
    from: Properties[Property] | undefined,
  ): Promise<unknown>;
}
type InsightsMode = "ACCESSED_AND_THROTTLED_KEYS" | "THROTTLED_KEYS";
const INSIGHTS_MODE: InsightsMode = "ACCESSED_AND_THROTTLED_KEYS";

const setting = <Property extends keyof Properties>(row: TableSetting<Property>): TableSetting =>
  row as unknown as TableSetting;

export const TABLE_SETTINGS: readonly TableSetting[] = [
  setting({
    property: "TimeToLiveSpecification",
    put: ["UpdateTimeToLive", "TimeToLiveSpecification"],
    async read(dynamodb, { TableName }) {
      const { TimeToLiveDescription: ttl } = await dynamodb("DescribeTimeToLive", { TableName });
      if (ttl?.TimeToLiveStatus !== "ENABLED") return undefined;
      return { AttributeName: ttl.AttributeName ?? "", Enabled: true };
    },
    async change(dynamodb, { TableName }, to, from) {
      const wanted = to?.Enabled ? to.AttributeName : undefined;
      const last = from?.AttributeName;
      const set = (AttributeName: string, Enabled: boolean) =>
        dynamodb("UpdateTimeToLive", { TableName, TimeToLiveSpecification: { AttributeName, Enabled } });
      if (last !== undefined && last !== wanted) await set(last, false);
      if (wanted !== undefined && last !== wanted) await set(wanted, true);
    },
  }),
  setting({
    property: "PointInTimeRecoverySpecification",
    put: ["UpdateContinuousBackups", "PointInTimeRecoverySpecification"],
    async read(dynamodb, { TableName }) {
      const { ContinuousBackupsDescription: backups } = await dynamodb("DescribeContinuousBackups", { TableName });
      const recovery = backups?.PointInTimeRecoveryDescription;
      if (recovery?.PointInTimeRecoveryStatus !== "ENABLED") return undefined;
      const days = recovery.RecoveryPeriodInDays;
      return { PointInTimeRecoveryEnabled: true, ...(days !== undefined && { RecoveryPeriodInDays: days }) };
    },
    async change(dynamodb, { TableName }, to, from) {
      const isWanted = to?.PointInTimeRecoveryEnabled ?? false;
      const days = to?.RecoveryPeriodInDays;
      const isSame = isWanted === (from !== undefined) && (days === undefined || days === from?.RecoveryPeriodInDays);
      if (isSame) return;
      await dynamodb("UpdateContinuousBackups", {
        TableName,
        PointInTimeRecoverySpecification: {
          PointInTimeRecoveryEnabled: isWanted,
          ...(isWanted && days !== undefined && { RecoveryPeriodInDays: days }),
        },
      });
    },
  }),
  setting({
    property: "ContributorInsightsSpecification",
    put: ["UpdateContributorInsights", "ContributorInsightsAction"],
    async read(dynamodb, { TableName }) {
      const insights = await dynamodb("DescribeContributorInsights", { TableName });
      if (insights.ContributorInsightsStatus !== "ENABLED") return undefined;
      return { Enabled: true, Mode: (insights.ContributorInsightsMode as InsightsMode) ?? INSIGHTS_MODE };
    },
    async change(dynamodb, { TableName }, to, from) {
      const isWanted = to?.Enabled ?? false;
      const mode = to?.Mode ?? INSIGHTS_MODE;
      if (isWanted === (from !== undefined) && (!isWanted || mode === from?.Mode)) return;
      await dynamodb("UpdateContributorInsights", {
        TableName,
        ContributorInsightsAction: isWanted ? "ENABLE" : "DISABLE",
        ...(isWanted && { ContributorInsightsMode: mode }),
      });
    },
  }),
  setting({
    property: "KinesisStreamSpecification",
    put: ["EnableKinesisStreamingDestination", "StreamArn"],
    async read(dynamodb, { TableName }) {
      const { KinesisDataStreamDestinations: all = [] } = await dynamodb("DescribeKinesisStreamingDestination", {
        TableName,
      });
      const active = all.find(({ DestinationStatus }) => DestinationStatus === "ACTIVE");
      return active && {
        StreamArn: active.StreamArn ?? "",
        ApproximateCreationDateTimePrecision: active.ApproximateCreationDateTimePrecision as "MILLISECOND",
      };
    },
    async change(dynamodb, { TableName }, to, from) {
      if (from && from.StreamArn !== to?.StreamArn)
        await dynamodb("DisableKinesisStreamingDestination", { TableName, StreamArn: from.StreamArn });
      if (!to) return;
      const { StreamArn, ApproximateCreationDateTimePrecision: precision = "MILLISECOND" } = to;
      const configuration = { ApproximateCreationDateTimePrecision: precision };
      if (from?.StreamArn !== StreamArn) {
        await dynamodb("EnableKinesisStreamingDestination", {
          TableName,
          StreamArn,
          EnableKinesisStreamingConfiguration: configuration,
        });
      } else if (from.ApproximateCreationDateTimePrecision !== precision) {
        await dynamodb("UpdateKinesisStreamingDestination", {
          TableName,
          StreamArn,
          UpdateKinesisStreamingConfiguration: configuration,
        });
      }
    },
  }),
  setting({
    property: "ResourcePolicy",
    put: ["PutResourcePolicy", "Policy"],
    async read(dynamodb, { TableArn }) {
      const found = await ifThere(dynamodb("GetResourcePolicy", { ResourceArn: TableArn }));
      return found?.Policy === undefined
        ? undefined
        : { PolicyDocument: JSON.parse(found.Policy) as Record<string, unknown> };
    },
    async change(dynamodb, { TableArn: ResourceArn }, to, from) {
      if (!to) return from && dynamodb("DeleteResourcePolicy", { ResourceArn });
      const { PolicyDocument: document } = to;
      const Policy = typeof document === "string" ? document : JSON.stringify(document);
      return dynamodb("PutResourcePolicy", { ResourceArn, Policy });
    },
  }),
  setting({
    property: "Tags",
    put: ["TagResource", "Tags"],
    read: async (dynamodb, { TableArn }) =>
      tagList(tagMap((await dynamodb("ListTagsOfResource", { ResourceArn: TableArn })).Tags)),
    async change(dynamodb, { TableArn: ResourceArn }, to, from) {
      const kept = tagMap(to);
      const TagKeys = Object.keys(tagMap(from)).filter((key) => kept[key] === undefined);
      if (TagKeys.length > 0) await dynamodb("UntagResource", { ResourceArn, TagKeys });
      const Tags = tagList(kept);
      if (Tags) await dynamodb("TagResource", { ResourceArn, Tags });
    },
  }),
];
