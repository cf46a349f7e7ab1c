import type { Standing } from "./events.ts";

const of = (...names: readonly string[]) => ({ values }: Standing) => names.map((name) => String(values[name]));
const joined = (separator: string, ...names: readonly string[]) => (standing: Standing) =>
  of(...names)(standing).join(separator);

/** The id that imports a resource, where it is not the `id` in its state; `undefined`: the provider imports none. */
const IMPORT_IDS: Readonly<Record<string, ((standing: Standing) => string) | undefined>> = {
  aws_dynamodb_contributor_insights: ({ values }) => `name:${values["table_name"]}/index:/111111111111`,
  aws_dynamodb_table_item: undefined,
  aws_s3_bucket_object: joined("/", "bucket", "key"),
  aws_s3_object: joined("/", "bucket", "key"),
  aws_s3_object_copy: undefined,
  aws_s3control_access_point_policy: ({ values }) => String(values["access_point_arn"]),
  aws_sns_sms_preferences: undefined,
};

export function importIdOf(standing: Standing): string | undefined {
  const { type, values } = standing;
  // What a table was restored from is not told, so that an import of one would want to restore it again.
  if (values["restore_source_name"]) return undefined;
  if (type in IMPORT_IDS) return IMPORT_IDS[type]?.(standing);
  return String(values["id"] ?? values["arn"]);
}

/**
 * Arguments that the provider keeps in its state alone and reads from nowhere, so that an import cannot know them: they
 * may differ in the plan after it.
 */
export const NEVER_READ: Readonly<Record<string, readonly string[]>> = {
  aws_dynamodb_resource_policy: ["confirm_remove_self_resource_access", "revision_id"],
  aws_s3_bucket: ["force_destroy"],
  aws_s3_bucket_object: ["acl", "content", "etag", "force_destroy", "version_id"],
  aws_s3_object: ["acl", "checksum_algorithm", "content", "content_base64", "etag", "force_destroy", "version_id"],
  aws_s3_bucket_replication_configuration: ["token"],
  aws_sns_platform_application: ["platform_credential"],
  aws_sns_topic_subscription: ["confirmation_timeout_in_minutes", "endpoint_auto_confirms"],
};
