import type { DynamodbOperations } from "../../../../models/aws/dynamodb.generated.ts";
import { tables } from "../../../../services/tables/service.ts";
import { bind } from "../../binding.ts";

const CACHE_MINUTES = 1440;

/** What DynamoDB says of itself. */
export const facts = bind<DynamodbOperations>()(tables, {
  DescribeLimits: {
    to: "describeLimits",
    in: () => ({}),
    out: ({ account, table }) => ({
      AccountMaxReadCapacityUnits: account.readUnits,
      AccountMaxWriteCapacityUnits: account.writeUnits,
      TableMaxReadCapacityUnits: table.readUnits,
      TableMaxWriteCapacityUnits: table.writeUnits,
    }),
  },
  DescribeEndpoints: {
    to: "describeLimits",
    in: () => ({}),
    out: (_, __, call) => ({
      Endpoints: [{ Address: new URL(call.endpoint).host, CachePeriodInMinutes: CACHE_MINUTES }],
    }),
  },
});
