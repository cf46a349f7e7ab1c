import { AwsFailure } from "../../protocols/aws/codec.ts";
import type { Scope } from "../../services/context.ts";
import type { WireCall } from "./binding.ts";

type Asking = Pick<WireCall, "account" | "region" | "caller" | "operation">;

export const tableArn = (scope: Scope, table: string): string =>
  `arn:aws:dynamodb:${scope.region}:${scope.account}:table/${table}`;

const form = /^arn:[^:]+:dynamodb:([^:]*):([^:]*):table\/([^/]+)(?:\/(.+))?$/;

/**
 * The caller's table that an ARN names, and what of it (`stream/2030-01-01T00:00:00.000`); undefined when it names no
 * table. A table of another account or region is never taken for the caller's own of that name.
 */
export function ownTable(arn: string, call: Asking): { table: string; part: string | undefined } | undefined {
  const [, region, account, table, part] = form.exec(arn) ?? [];
  if (table === undefined) return undefined;
  if (account !== call.account) throw notAllowed(arn, call);
  if (region !== call.region) {
    throw new AwsFailure({
      code: "ValidationException",
      status: 400,
      message: `The region of the ARN ${arn} is not the region of the request, ${call.region}`,
    });
  }
  return { table, part };
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
