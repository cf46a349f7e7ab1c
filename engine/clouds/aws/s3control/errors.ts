import type { AwsWireError } from "../binding.ts";
import type { grants } from "../../../services/grants/service.ts";
import { accountErrors } from "../s3-account-errors.ts";

type Details = Readonly<Record<string, unknown>>;
const says = (text: string) => () => text;

/** How the errors of grants look. */
const grantErrors = {
  GrantsInstanceExists: {
    code: "AccessGrantsInstanceAlreadyExists",
    status: 409,
    message: says("Access Grants Instance already exists."),
  },
  GrantsInstanceNotFound: {
    code: "AccessGrantsInstanceNotExistsError",
    status: 404,
    message: says("Access Grants Instance does not exist."),
  },
  GrantsInstanceNotEmpty: {
    code: "AccessGrantsInstanceNotEmptyError",
    status: 400,
    message: says("Please clean up locations before deleting the access grants instance."),
  },
  GrantsPolicyNotFound: {
    code: "AccessGrantsInstanceResourcePolicyNotExists",
    status: 404,
    message: says("Access Grants Instance Resource Policy does not exist."),
  },
  GrantsPolicyInvalid: { code: "InvalidResourcePolicy", status: 400 },
  GrantsLocationExists: {
    code: "AccessGrantsLocationAlreadyExistsError",
    status: 409,
    message: says("The specified access grants location already exists."),
  },
  GrantsLocationNotFound: {
    code: "NoSuchAccessGrantsLocationError",
    status: 404,
    message: says("The specified access grants location does not exist."),
  },
  GrantsLocationNotEmpty: {
    code: "AccessGrantsLocationNotEmptyError",
    status: 400,
    message: says("Please clean up access grants before deleting the access grants location."),
  },
  GrantExists: {
    code: "AccessGrantAlreadyExists",
    status: 409,
    message: says("The specified access grant already exists."),
  },
  GrantInvalid: { code: "InvalidAccessGrant", status: 400 },
  GrantNotFound: {
    code: "NoSuchAccessGrantError",
    status: 404,
    message: says("The specified access grant does not exist."),
  },
  GrantLabelsInvalid: { code: "InvalidTag", status: 400 },
  DataAccessDenied: {
    code: "AccessDenied",
    status: 403,
    message: says("You do not have the requested permissions to the requested S3 Prefix."),
  },
  DurationInvalid: { code: "InvalidRequest", status: 400 },
} satisfies Record<keyof typeof grants.errors, AwsWireError>;

/** How the errors of objects and of grants look to the clients of S3 Control. */
export const wireErrors: Readonly<Record<string, AwsWireError>> = {
  ...accountErrors,
  ...grantErrors,
  BucketNotFound: {
    code: "NoSuchBucket",
    status: 404,
    message: says("The specified bucket does not exist"),
    members: ({ bucket }: Details) => ({ BucketName: bucket }),
  },
  TagsInvalid: { code: "InvalidTag", status: 400 },
  TagsTooMany: { code: "BadRequest", status: 400 },
  ExpectedAccountInvalid: {
    code: "InvalidBucketOwnerAWSAccountID",
    status: 400,
    message: says("The value of the expected bucket owner parameter must be an AWS account ID"),
  },
  BucketOfAnotherAccount: { code: "AccessDenied", status: 403, message: says("Access Denied") },
  PolicyMalformed: { code: "MalformedPolicy", status: 400, message: ({ why }: Details) => String(why) },
  PublicAccessBlocked: { code: "AccessDenied", status: 403, message: says("Access Denied") },
};
