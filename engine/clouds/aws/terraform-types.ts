import { terraformTypes as dynamodb } from "./dynamodb/terraform.ts";
import { terraformTypes as s3 } from "./s3/terraform.ts";
import { terraformTypes as sns } from "./sns/terraform.ts";
import { terraformTypes as sqs } from "./sqs/terraform.ts";
import type { TerraformTypes } from "./terraform-type.ts";

/** Every type that Terraform's provider for AWS has, too. */
export const AWS_TERRAFORM_TYPES: TerraformTypes = { ...dynamodb, ...s3, ...sns, ...sqs };
