import type { ContinuousBackupsDescription, DynamodbOperations } from "../../../../models/aws/dynamodb.generated.ts";
import type { OperationOutput } from "../../../../services/manifest.ts";
import { tables } from "../../../../services/tables/service.ts";
import { bind } from "../../binding.ts";
import { tableNameOf } from "../../table-arn.ts";
import { labelsOf, refuseReservedTag, tableOfArn, tagsOf, validationFailure } from "../model.ts";

/** All tags come at once, so that no token was ever given. */
function refuseToken(token: string | undefined): void {
  if (token !== undefined) throw validationFailure("The provided NextToken is not valid.");
}

function backups(result: OperationOutput<typeof tables, "getRecovery">): {
  ContinuousBackupsDescription: ContinuousBackupsDescription;
} {
  return {
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: "ENABLED",
      PointInTimeRecoveryDescription: {
        PointInTimeRecoveryStatus: result.isEnabled ? "ENABLED" : "DISABLED",
        ...(result.periodDays !== undefined && { RecoveryPeriodInDays: result.periodDays }),
        ...(result.earliestMs !== undefined && { EarliestRestorableDateTime: new Date(result.earliestMs) }),
        ...(result.latestMs !== undefined && { LatestRestorableDateTime: new Date(result.latestMs) }),
      },
    },
  };
}

export const tableSettings = bind<DynamodbOperations>()(tables, {
  DescribeTimeToLive: {
    to: "getTimeToLive",
    in: (wire, call) => ({ table: tableNameOf(wire.TableName, call) }),
    out: ({ attribute }) => ({
      TimeToLiveDescription:
        attribute === undefined
          ? { TimeToLiveStatus: "DISABLED" }
          : { TimeToLiveStatus: "ENABLED", AttributeName: attribute },
    }),
  },
  UpdateTimeToLive: {
    to: "setTimeToLive",
    in: (wire, call) => ({
      table: tableNameOf(wire.TableName, call),
      attribute: wire.TimeToLiveSpecification.AttributeName,
      isEnabled: wire.TimeToLiveSpecification.Enabled,
    }),
    out: ({ attribute, isEnabled }) => ({ TimeToLiveSpecification: { AttributeName: attribute, Enabled: isEnabled } }),
  },
  DescribeContinuousBackups: {
    to: "getRecovery",
    in: (wire, call) => ({ table: tableNameOf(wire.TableName, call) }),
    out: backups,
  },
  UpdateContinuousBackups: {
    to: "setRecovery",
    in: (wire, call) => ({
      table: tableNameOf(wire.TableName, call),
      isEnabled: wire.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled,
      periodDays: wire.PointInTimeRecoverySpecification.RecoveryPeriodInDays,
    }),
    out: backups,
  },
  ListTagsOfResource: {
    to: "listLabels",
    in: (wire, call) => {
      refuseToken(wire.NextToken);
      return { table: tableOfArn(wire.ResourceArn, call) };
    },
    out: ({ labels }) => ({ Tags: tagsOf(labels) }),
  },
  TagResource: {
    to: "changeLabels",
    in: (wire, call) => ({ set: labelsOf(wire.Tags), table: tableOfArn(wire.ResourceArn, call) }),
    out: () => ({}),
  },
  UntagResource: {
    to: "changeLabels",
    in(wire, call) {
      for (const key of wire.TagKeys) refuseReservedTag(key);
      return { remove: wire.TagKeys, table: tableOfArn(wire.ResourceArn, call) };
    },
    out: () => ({}),
  },
});
