import type { DynamodbOperations, GlobalTableDescription } from "../../../../models/aws/dynamodb.generated.ts";
import type { Scope } from "../../../../services/context.ts";
import type { OperationOutput } from "../../../../services/manifest.ts";
import { tables } from "../../../../services/tables/service.ts";
import { bind } from "../../binding.ts";

type GlobalTable = OperationOutput<typeof tables, "describeGlobalTable">;

const description = ({ name, createdAtMs, regions }: GlobalTable, { account }: Scope): GlobalTableDescription => ({
  GlobalTableName: name,
  GlobalTableArn: `arn:aws:dynamodb::${account}:global-table/${name}`,
  GlobalTableStatus: "ACTIVE",
  CreationDateTime: new Date(createdAtMs),
  ReplicationGroup: regions.map((RegionName) => ({ RegionName, ReplicaStatus: "ACTIVE" })),
});

const regionsOf = (replicas: readonly { readonly RegionName?: string }[]): string[] =>
  replicas.flatMap(({ RegionName }) => (RegionName === undefined ? [] : [RegionName]));

/** The older way (2017.11.29) to tables that several regions have; `UpdateTable` is the newer one. */
export const globalTables = bind<DynamodbOperations>()(tables, {
  CreateGlobalTable: {
    to: "createGlobalTable",
    in: (wire) => ({ table: wire.GlobalTableName, regions: regionsOf(wire.ReplicationGroup) }),
    out: (result, _, call) => ({ GlobalTableDescription: description(result, call) }),
  },
  UpdateGlobalTable: {
    to: "changeGlobalTable",
    in: (wire) => ({
      table: wire.GlobalTableName,
      added: regionsOf(wire.ReplicaUpdates.flatMap(({ Create }) => (Create ? [Create] : []))),
      removed: regionsOf(wire.ReplicaUpdates.flatMap(({ Delete }) => (Delete ? [Delete] : []))),
    }),
    out: (result, _, call) => ({ GlobalTableDescription: description(result, call) }),
  },
  DescribeGlobalTable: {
    to: "describeGlobalTable",
    in: (wire) => ({ table: wire.GlobalTableName }),
    out: (result, _, call) => ({ GlobalTableDescription: description(result, call) }),
  },
  ListGlobalTables: {
    to: "listGlobalTables",
    in: (wire) => ({ after: wire.ExclusiveStartGlobalTableName, limit: wire.Limit, region: wire.RegionName }),
    out({ tables: found, hasMore }) {
      const last = found.at(-1);
      return {
        GlobalTables: found.map(({ name, regions }) => ({
          GlobalTableName: name,
          ReplicationGroup: regions.map((RegionName) => ({ RegionName })),
        })),
        ...(hasMore && last && { LastEvaluatedGlobalTableName: last.name }),
      };
    },
  },
});
