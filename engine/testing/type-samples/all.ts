import { CLOUDFORMATION_SAMPLES } from "./aws-cloudformation.ts";
import { DYNAMODB_SAMPLES } from "./aws-dynamodb.ts";
import { S3_SAMPLES } from "./aws-s3.ts";
import { SNS_SAMPLES } from "./aws-sns.ts";
import { SQS_SAMPLES } from "./aws-sqs.ts";
import { NATIVE_SAMPLES } from "./native.ts";
import type { TypeSample } from "./sample.ts";

/** A sample of every resource type, by its name. */
export const TYPE_SAMPLES: Readonly<Record<string, TypeSample>> = {
  ...NATIVE_SAMPLES,
  ...CLOUDFORMATION_SAMPLES,
  ...DYNAMODB_SAMPLES,
  ...S3_SAMPLES,
  ...SNS_SAMPLES,
  ...SQS_SAMPLES,
};
