import { AwsFailure } from "../../../protocols/aws/codec.ts";
import type { WireRequest } from "../../../protocols/wire.ts";

/** Kinds of storage that S3 serves at addresses of their own, and that do not exist here. */
const KINDS: Readonly<Record<string, string>> = {
  "s3-outposts": "S3 on Outposts",
  "s3-object-lambda": "S3 Object Lambda",
};
const IN_HOST = /\.(s3-outposts|s3-object-lambda)\./;
/** How SDKs write an access point of an Outpost before an endpoint that they are given. */
const OUTPOST_IN_HOST = /-\d{12}\.op-[0-9a-z]+\./;
const IN_PATH = /^\/arn(?::|%3A)aws[a-z-]*(?::|%3A)(s3-outposts|s3-object-lambda)(?::|%3A)/i;

function kindOf({ host, path }: Pick<WireRequest, "host" | "path">): string | undefined {
  if (host.includes(".s3-o")) return IN_HOST.exec(host)?.[1];
  if (host.includes(".op-") && OUTPOST_IN_HOST.test(host)) return "s3-outposts";
  return path.startsWith("/arn") ? IN_PATH.exec(path)?.[1]?.toLowerCase() : undefined;
}

export const isElsewhere = (request: Pick<WireRequest, "host" | "path">): boolean => kindOf(request) !== undefined;

/** Without this the address would be taken for a bucket that nobody has. Errors: `AwsFailure` */
export function refuseElsewhere(request: WireRequest): never {
  const message = `CloudStacks does not implement ${KINDS[kindOf(request) ?? ""] ?? "this kind of storage"}.`;
  throw new AwsFailure({ code: "NotImplemented", status: 501, message });
}
