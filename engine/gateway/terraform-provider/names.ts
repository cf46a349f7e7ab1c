/** The provider's name in any registry: Terraform and OpenTofu each have their own. */
export const PROVIDER_NAME = "cloudstacks/cloudstacks";
/** Where Terraform looks for this provider. */
export const PROVIDER_SOURCE = `registry.terraform.io/${PROVIDER_NAME}`;
/** What the names of all its types begin with. */
export const PREFIX = "cloudstacks";

/**
 * `CIDRBlock` -> `cidr_block`, `KMSMasterKeyId` -> `kms_master_key_id`: a word ends before a capital that follows a
 * small letter or a digit, and before the last of several capitals.
 */
export const snakeCase = (name: string): string =>
  name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replaceAll(/([A-Z])([A-Z][a-z])/g, "$1_$2")
    .toLowerCase();

/** `VPC` -> `cloudstacks_vpc`, `AWS::DynamoDB::Table` -> `cloudstacks_aws_dynamodb_table`: a service is one word. */
export function resourceName(type: string): string {
  const parts = type.split("::");
  const words = parts.map((part, i) => (i === parts.length - 1 ? snakeCase(part) : part.toLowerCase()));
  return [PREFIX, ...words].join("_");
}
