import { isPublicStatement } from "../../../services/public-statements.ts";
import { isUnknownValue, known, valueAt, type Known, type Rule, type Violation } from "../rule.ts";

/** Where a type keeps a policy document. */
const DOCUMENTS: Readonly<Record<string, readonly string[]>> = {
  "AWS::S3::BucketPolicy": ["PolicyDocument"],
  // Terraform can have a policy with what it is of.
  "AWS::S3::Bucket": ["Policy"],
  "AWS::SQS::Queue": ["Policy"],
  "AWS::SNS::Topic": ["Policy"],
  "AWS::SQS::QueuePolicy": ["PolicyDocument"],
  "AWS::SQS::QueueInlinePolicy": ["PolicyDocument"],
  "AWS::SNS::TopicPolicy": ["PolicyDocument"],
  "AWS::SNS::TopicInlinePolicy": ["PolicyDocument"],
  "AWS::DynamoDB::Table": ["ResourcePolicy.PolicyDocument", "StreamSpecification.ResourcePolicy.PolicyDocument"],
};

const PUBLIC_LISTS: Readonly<Record<string, string>> = {
  PublicRead: "lets anyone read its objects",
  PublicReadWrite: "lets anyone read and write its objects",
  AuthenticatedRead: "lets everyone who has an AWS account read its objects",
};

export const publicAccess: Rule = {
  name: "public-access",
  severity: "error",
  summary: "A bucket, queue, topic or table that everybody may use.",
  check(resource) {
    const subject = known(resource);
    return [...openLists(subject), ...(DOCUMENTS[subject.type] ?? []).flatMap((path) => openStatements(subject, path))];
  },
};

function openLists({ type, after, at }: Known): Violation[] {
  if (type !== "AWS::S3::Bucket") return [];
  const what = PUBLIC_LISTS[String(after?.["AccessControl"])];
  if (what === undefined) return [];
  return [{ path: at("AccessControl"), message: `the bucket ${what}`, hint: "leave AccessControl out: Private" }];
}

function openStatements({ after, at }: Known, path: string): Violation[] {
  const document = documentOf(valueAt(after, path));
  const statements: unknown[] = [valueAt(document, "Statement") ?? []].flat();
  return statements.flatMap((statement, index) => {
    if (typeof statement !== "object" || statement === null) return [];
    if (!isPublicStatement(statement as Readonly<Record<string, unknown>>)) return [];
    const { Action } = statement as { readonly Action?: unknown };
    const actions = Action === undefined || isUnknownValue(Action) ? "act" : `do ${[Action].flat().join(", ")}`;
    return [
      {
        path: at(`${path}.Statement.${index}`),
        message: `the policy lets anyone ${actions}`,
        hint: "name who may, as Principal, or narrow it by a Condition: on aws:SourceArn or aws:PrincipalOrgID",
      },
    ];
  });
}

/** A document is written as a map, or as JSON. */
function documentOf(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    // What is no JSON is no policy: planning refuses it in its own words.
    return undefined;
  }
}

const BLOCK = "PublicAccessBlockConfiguration";
const BLOCKS = ["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"];

/** Source: S3 User Guide, "Blocking public access": new buckets block all of it unless they say otherwise. */
export const publicAccessBlock: Rule = {
  name: "public-access-block",
  severity: "warning",
  summary: "A bucket that says that public access is not to be blocked.",
  check(resource) {
    const { type, after, at } = known(resource);
    const block = after?.[BLOCK];
    if (type !== "AWS::S3::Bucket" || typeof block !== "object" || block === null || isUnknownValue(block)) return [];
    const off = BLOCKS.filter((name) => valueAt(block, name) !== true);
    if (off.length === 0) return [];
    const path = at(Object.hasOwn(block, off[0] ?? "") ? `${BLOCK}.${off[0]}` : BLOCK);
    return { path, message: `public access is not blocked: ${off.join(", ")}`, hint: "set all four to true" };
  },
};
