import { AwsFailure } from "../../protocols/aws/codec.ts";
import type { Scope } from "../../services/context.ts";
import type { WireCall } from "./binding.ts";

/** Who names a table, and in which operation. */
export type Asking = Pick<WireCall, "account" | "region" | "caller" | "operation">;

export const tableArn = (scope: Scope, table: string): string =>
  `arn:aws:dynamodb:${scope.region}:${scope.account}:table/${table}`;

const form = /^arn:[^:]+:dynamodb:([^:]*):([^:]*):table\/([^/]+)(?:\/(.+))?$/;

interface NamedTable {
  readonly region: string;
  readonly table: string;
  /** What of the table: `stream/2030-01-01T00:00:00.000`. */
  readonly part: string | undefined;
}

/** The table of the caller's account, in any region, that an ARN names; undefined when it names no table. */
export function accountTable(arn: string, call: Asking): NamedTable | undefined {
  const [, region, account, table, part] = form.exec(arn) ?? [];
  if (region === undefined || table === undefined) return undefined;
  if (account !== call.account) throw notAllowed(arn, call);
  return { region, table, part };
}

/** The same where only the region of the request will do: a table elsewhere is not taken for the one here. */
export function ownTable(arn: string, call: Asking): NamedTable | undefined {
  const found = accountTable(arn, call);
  if (found && found.region !== call.region) {
    throw new AwsFailure({
      code: "ValidationException",
      status: 400,
      message: `The region of the ARN ${arn} is not the region of the request, ${call.region}`,
    });
  }
  return found;
}

/** The table that a request names. Every place that takes a table's name takes its ARN too. */
export const tableNameOf = (nameOrArn: string, call: Asking): string =>
  nameOrArn.startsWith("arn:") ? (ownTable(nameOrArn, call)?.table ?? nameOrArn) : nameOrArn;

/** Policies of tables are only kept, so that none gives another account anything. */
const notAllowed = (arn: string, { caller, operation }: Asking): AwsFailure =>
  new AwsFailure({
    code: "AccessDeniedException",
    status: 400,
    message:
      `User: ${caller.principal} is not authorized to perform: dynamodb:${operation} on resource: ${arn} `
      + `because no resource-based policy allows the dynamodb:${operation} action`,
  });
