import { isUnknownValue, known, valueAt, type Known, type Rule } from "../rule.ts";

/** Source: S3, DynamoDB and SQS encrypt by themselves since 2023, 2018 and 2022; SNS does only with a key. */
export const unencrypted: Rule = {
  name: "unencrypted",
  severity: "warning",
  summary: "A queue or topic whose messages are not encrypted where they are kept.",
  check(resource) {
    const { type, after, at } = known(resource);
    if (!after || hasValue(after["KmsMasterKeyId"])) return undefined;
    if (type === "AWS::SQS::Queue" && after["SqsManagedSseEnabled"] === false)
      return {
        path: at("SqsManagedSseEnabled"),
        message: "the queue keeps its messages unencrypted",
        hint: "leave SqsManagedSseEnabled out, or name a key: KmsMasterKeyId",
      };
    if (type !== "AWS::SNS::Topic") return undefined;
    return { message: "the topic keeps its messages unencrypted", hint: "name a key: KmsMasterKeyId: alias/aws/sns" };
  },
};

const hasValue = (value: unknown): boolean => value !== undefined && value !== null && value !== "";

export const unversioned: Rule = {
  name: "unversioned",
  severity: "warning",
  summary: "A bucket that does not keep what is overwritten or deleted.",
  check(resource) {
    const subject = known(resource);
    const found = versioning(subject);
    if (!found || !subject.after || isUnknownValue(found.value) || found.value === found.on) return undefined;
    const { path, on } = found;
    const hint = `set ${path}: ${String(on)}`;
    return { path: subject.at(path), message: "the bucket keeps no earlier versions of its objects", hint };
  },
};

function versioning({ type, after }: Known) {
  const at = (path: string, on: unknown) => ({ path, on, value: valueAt(after, path) });
  if (type === "Bucket") return at("Versioning", true);
  return type === "AWS::S3::Bucket" ? at("VersioningConfiguration.Status", "Enabled") : undefined;
}

export const unrecoverable: Rule = {
  name: "unrecoverable",
  severity: "note",
  summary: "A table that cannot be brought back to an earlier time.",
  check(resource) {
    const { type, after, at } = known(resource);
    const path =
      type === "Table"
        ? "PointInTimeRecovery"
        : type === "AWS::DynamoDB::Table"
          ? "PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled"
          : undefined;
    if (path === undefined || !after) return undefined;
    const value = valueAt(after, path);
    if (value === true || isUnknownValue(value)) return undefined;
    const message = "the table cannot be brought back to an earlier time";
    return { path: at(path), message, hint: `set ${path}: true` };
  },
};
