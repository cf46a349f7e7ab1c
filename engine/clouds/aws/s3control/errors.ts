import type { AwsWireError } from "../binding.ts";
import { accountErrors } from "../s3-account-errors.ts";

type Details = Readonly<Record<string, unknown>>;
const says = (text: string) => () => text;

/** How the objects service's errors look to the clients of S3 Control. */
export const wireErrors: Readonly<Record<string, AwsWireError>> = {
  ...accountErrors,
  BucketNotFound: {
    code: "NoSuchBucket",
    status: 404,
    message: says("The specified bucket does not exist"),
    members: ({ bucket }: Details) => ({ BucketName: bucket }),
  },
  TagsInvalid: { code: "InvalidTag", status: 400 },
  TagsTooMany: { code: "BadRequest", status: 400 },
  BucketOfAnotherAccount: { code: "AccessDenied", status: 403, message: says("Access Denied") },
  PolicyMalformed: { code: "MalformedPolicy", status: 400, message: ({ why }: Details) => String(why) },
  PublicAccessBlocked: { code: "AccessDenied", status: 403, message: says("Access Denied") },
};
