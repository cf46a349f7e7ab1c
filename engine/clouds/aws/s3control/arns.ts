import { AwsFailure } from "../../../protocols/aws/codec.ts";
import type { Scope } from "../../../services/context.ts";
import { arnPartition } from "../access-point-arn.ts";

const s3Arn = (region: string, { account, region: own }: Scope, rest: string): string =>
  `arn:${arnPartition(own)}:s3:${region}:${account}:${rest}`;

/** `arn:aws:s3:us-east-1:111111111111:access-grants/default`, and below it `/location/ID` and `/grant/ID`. */
export const accessGrantsArn = (scope: Scope, ...below: readonly string[]): string =>
  s3Arn(scope.region, scope, ["access-grants/default", ...below].join("/"));

export const storageLensArn = (id: string, scope: Scope): string => s3Arn(scope.region, scope, `storage-lens/${id}`);

/** Where Multi-Region Access Points are kept, whatever their regions. */
const REQUESTS_REGION = "us-west-2";
interface Request {
  readonly kind: string;
  readonly id: string;
}
const requestArn = (kind: string, scope: Scope): string =>
  s3Arn(REQUESTS_REGION, scope, `async-request/mrap/${kind}/`);

/** By what a client asks how its request went. */
export const requestToken = ({ kind, id }: Request, scope: Scope): string => requestArn(kind, scope) + id;

/** Errors: InvalidRequest */
export function requestIdIn(token: string, scope: Scope): string {
  const id = token.slice(token.lastIndexOf("/") + 1);
  if (["create", "delete", "put-policy"].some((kind) => token === requestArn(kind, scope) + id)) return id;
  throw new AwsFailure({ code: "InvalidRequest", status: 400, message: `${token} is not the token of a request.` });
}

/** Requests name a Multi-Region Access Point, its alias, or the ARN of one of the caller's. */
export function multiRegionPointName(said: string, scope: Scope): string {
  const own = s3Arn("", scope, "accesspoint/");
  return said.startsWith(own) ? said.slice(own.length) : said;
}
