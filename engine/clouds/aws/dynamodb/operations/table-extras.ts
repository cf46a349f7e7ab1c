import type {
  ContributorInsightsSummary,
  DynamodbOperations,
  KinesisDataStreamDestination,
} from "../../../../models/aws/dynamodb.generated.ts";
import type { Scope } from "../../../../services/context.ts";
import { tables } from "../../../../services/tables/service.ts";
import { bind } from "../../binding.ts";
import { tableNameOf } from "../../table-arn.ts";
import { policyHolderOf, validationFailure } from "../model.ts";

const PRECISIONS = { millisecond: "MILLISECOND", microsecond: "MICROSECOND" } as const;
const precisionOf = (wire: string | undefined) =>
  wire === undefined ? undefined : wire === "MICROSECOND" ? ("microsecond" as const) : ("millisecond" as const);

const statusOf = (isEnabled: boolean): string => (isEnabled ? "ENABLED" : "DISABLED");

/** The rules that CloudWatch would have: for the partition key and a sort key, accessed and throttled. */
const rulesOf = (table: string, index: string | undefined, hasSortKey: boolean): string[] =>
  (hasSortKey ? ["PKC", "PKT", "SKC", "SKT"] : ["PKC", "PKT"]).map(
    (rule) => `DynamoDBContributorInsights-${rule}-${table}${index === undefined ? "" : `-${index}`}`,
  );

interface Entry {
  readonly table: string;
  readonly index: string;
  readonly insights: { readonly isEnabled: boolean; readonly mode?: string };
}
const summaryOf = ({ table, index, insights }: Entry): ContributorInsightsSummary => ({
  TableName: table,
  ...(index !== "" && { IndexName: index }),
  ContributorInsightsStatus: statusOf(insights.isEnabled),
  ...(insights.mode !== undefined && { ContributorInsightsMode: insights.mode }),
});

function insightsToken(token: string): { table: string; index: string } {
  const [table, index] = Buffer.from(token, "base64url").toString().split("/");
  if (table === undefined || index === undefined) throw validationFailure("The provided NextToken is not valid.");
  return { table, index };
}

interface Destination {
  readonly target: string;
  readonly isActive: boolean;
  readonly precision: "millisecond" | "microsecond";
}
const destinationOf = ({ target, isActive, precision }: Destination): KinesisDataStreamDestination => ({
  StreamArn: target,
  DestinationStatus: isActive ? "ACTIVE" : "DISABLED",
  ApproximateCreationDateTimePrecision: PRECISIONS[precision],
});

const streamForm = /^arn:[^:]+:kinesis:([^:]*):([^:]*):stream\/[^/]+$/;

/** A table's changes go to a stream beside it. */
function streamTarget(arn: string, { account, region }: Scope): string {
  const [, streamRegion, owner] = streamForm.exec(arn) ?? [];
  if (owner === undefined) throw validationFailure(`Invalid StreamArn: ${arn}`);
  if (owner === account && streamRegion === region) return arn;
  throw validationFailure(`The stream ${arn} must be in the account and the region of the table`);
}

export const tableExtras = bind<DynamodbOperations>()(tables, {
  GetResourcePolicy: {
    to: "getPolicy",
    in: (wire, call) => policyHolderOf(wire.ResourceArn, call),
    out: ({ document, revision }) => ({ Policy: document, RevisionId: revision }),
  },
  PutResourcePolicy: {
    to: "putPolicy",
    in: (wire, call) => ({
      document: wire.Policy,
      expected: wire.ExpectedRevisionId === "NO_POLICY" ? "none" : wire.ExpectedRevisionId,
      ...policyHolderOf(wire.ResourceArn, call),
    }),
    out: ({ revision }) => ({ RevisionId: revision }),
    accepted: ["ConfirmRemoveSelfResourceAccess"],
    recordedOnly: ["Policy"],
  },
  DeleteResourcePolicy: {
    to: "removePolicy",
    in: (wire, call) => ({ expected: wire.ExpectedRevisionId, ...policyHolderOf(wire.ResourceArn, call) }),
    out: ({ revision }) => (revision === undefined ? {} : { RevisionId: revision }),
  },
  DescribeContributorInsights: {
    to: "getInsights",
    in: (wire, call) => ({ table: tableNameOf(wire.TableName, call), index: wire.IndexName }),
    out({ isEnabled, mode, changedAtMs, hasSortKey }, wire, call) {
      const TableName = tableNameOf(wire.TableName, call);
      return {
        TableName,
        ...(wire.IndexName !== undefined && { IndexName: wire.IndexName }),
        ContributorInsightsStatus: statusOf(isEnabled),
        ...(isEnabled && { ContributorInsightsRuleList: rulesOf(TableName, wire.IndexName, hasSortKey) }),
        ...(changedAtMs > 0 && { LastUpdateDateTime: new Date(changedAtMs) }),
        ...(mode !== undefined && { ContributorInsightsMode: mode }),
      };
    },
  },
  UpdateContributorInsights: {
    to: "setInsights",
    in: (wire, call) => ({
      table: tableNameOf(wire.TableName, call),
      index: wire.IndexName,
      isEnabled: wire.ContributorInsightsAction === "ENABLE",
      mode: wire.ContributorInsightsMode,
    }),
    out: ({ isEnabled, mode }, wire, call) => ({
      TableName: tableNameOf(wire.TableName, call),
      ...(wire.IndexName !== undefined && { IndexName: wire.IndexName }),
      ContributorInsightsStatus: isEnabled ? "ENABLING" : "DISABLING",
      ...(mode !== undefined && { ContributorInsightsMode: mode }),
    }),
    recordedOnly: ["ContributorInsightsAction", "ContributorInsightsMode"],
  },
  ListContributorInsights: {
    to: "listInsights",
    in: (wire, call) => ({
      table: wire.TableName === undefined ? undefined : tableNameOf(wire.TableName, call),
      limit: wire.MaxResults === undefined || wire.MaxResults === 0 ? undefined : wire.MaxResults,
      after: wire.NextToken === undefined ? undefined : insightsToken(wire.NextToken),
    }),
    out({ entries, hasMore }) {
      const last = entries.at(-1);
      return {
        ContributorInsightsSummaries: entries.map(summaryOf),
        ...(hasMore && last && { NextToken: Buffer.from(`${last.table}/${last.index}`).toString("base64url") }),
      };
    },
  },
  DescribeKinesisStreamingDestination: {
    to: "listDestinations",
    in: (wire, call) => ({ table: tableNameOf(wire.TableName, call) }),
    out: ({ destinations }, wire, call) => ({
      TableName: tableNameOf(wire.TableName, call),
      KinesisDataStreamDestinations: destinations.map(destinationOf),
    }),
  },
  EnableKinesisStreamingDestination: {
    to: "setDestination",
    in: (wire, call) => ({
      table: tableNameOf(wire.TableName, call),
      precision: precisionOf(
        wire.EnableKinesisStreamingConfiguration?.ApproximateCreationDateTimePrecision ?? "MILLISECOND",
      ),
      target: streamTarget(wire.StreamArn, call),
      isActive: true,
    }),
    out: ({ target, precision }, wire, call) => ({
      TableName: tableNameOf(wire.TableName, call),
      StreamArn: target,
      DestinationStatus: "ENABLING",
      EnableKinesisStreamingConfiguration: { ApproximateCreationDateTimePrecision: PRECISIONS[precision] },
    }),
    recordedOnly: ["StreamArn", "EnableKinesisStreamingConfiguration"],
  },
  DisableKinesisStreamingDestination: {
    to: "setDestination",
    in: (wire, call) => ({ table: tableNameOf(wire.TableName, call), target: wire.StreamArn, isActive: false }),
    out: ({ target }, wire, call) => ({
      TableName: tableNameOf(wire.TableName, call),
      StreamArn: target,
      DestinationStatus: "DISABLING",
    }),
    accepted: ["EnableKinesisStreamingConfiguration"],
  },
  UpdateKinesisStreamingDestination: {
    to: "changeDestination",
    in: (wire, call) => ({
      table: tableNameOf(wire.TableName, call),
      target: wire.StreamArn,
      precision: precisionOf(wire.UpdateKinesisStreamingConfiguration?.ApproximateCreationDateTimePrecision),
    }),
    out: ({ target, precision }, wire, call) => ({
      TableName: tableNameOf(wire.TableName, call),
      StreamArn: target,
      DestinationStatus: "UPDATING",
      UpdateKinesisStreamingConfiguration: { ApproximateCreationDateTimePrecision: PRECISIONS[precision] },
    }),
    recordedOnly: ["UpdateKinesisStreamingConfiguration"],
  },
});
