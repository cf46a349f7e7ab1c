import type { DynamodbOperations } from "../../../../models/aws/dynamodb.generated.ts";
import { wireCalls, type WireCalls } from "../../wire-calls.ts";
import { tableExtras } from "../operations/table-extras.ts";
import { tableSettings } from "../operations/table-settings.ts";
import { tableOperations } from "../operations/tables.ts";

const bound = [tableOperations, tableSettings, tableExtras];

export type Dynamodb = WireCalls<DynamodbOperations>;
export const dynamodbCalls = wireCalls<DynamodbOperations>("dynamodb", bound);

/** Whether an operation keeps one of its members and nothing acts on it. */
export const isRecordedOnly = (operation: keyof DynamodbOperations, member: string): boolean =>
  bound.some(({ rows }) => (rows[operation]?.recordedOnly as readonly string[] | undefined)?.includes(member) ?? false);
