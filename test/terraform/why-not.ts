/** Why a resource or a data source is refused, where that is meant: one sentence each. */
export const WHY_NOT: Readonly<Record<string, string>> = {
  aws_s3_directory_bucket: "Buckets of a single zone, with sessions and an order of keys of their own, are not built.",
  aws_s3control_bucket: "An Outpost is a rack at its customer's, and there is none.",
  aws_s3control_bucket_lifecycle_configuration: "It stands on a bucket of an Outpost, which there is none of.",
  aws_s3control_bucket_policy: "It stands on a bucket of an Outpost, which there is none of.",
  aws_s3control_directory_bucket_access_point_scope: "It narrows an access point of a directory bucket; see there.",
  aws_s3control_object_lambda_access_point: "It runs a function for each object read, and functions do not exist yet.",
  aws_s3control_object_lambda_access_point_policy: "It stands on an Object Lambda access point, which needs functions.",
};
