/** The words of a name: `CIDRBlock` -> CIDR, Block; `S3BucketName` -> S3, Bucket, Name; `s3:ObjectCreated:*`. */
const wordsOf = (name: string): readonly string[] =>
  name.match(/[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z]+[0-9]*|[0-9]+/g) ?? [];

const capitalized = (word: string) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase();

/** `CIDRBlock` -> `CidrBlock`, `VPC` -> `Vpc`. */
export const pascalName = (name: string): string => wordsOf(name).map(capitalized).join("");

/** `CIDRBlock` -> `cidrBlock`. */
export function camelName(name: string): string {
  const pascal = pascalName(name);
  return pascal.charAt(0).toLowerCase() + pascal.slice(1);
}

/** `AuthenticatedRead` -> `AUTHENTICATED_READ`, `2012-10-17` -> `V_2012_10_17`; what has no words has no name. */
export function constantName(value: string): string {
  const name = wordsOf(value.replaceAll("*", " all "))
    .map((word) => word.toUpperCase())
    .join("_");
  return /^[0-9]/.test(name) ? `V_${name}` : name;
}

/** `AWS::DynamoDB::Table` -> `DynamoDbTable`, `Bucket` -> `Bucket`. */
export const className = (type: string): string =>
  type
    .split("::")
    .slice(type.includes("::") ? 1 : 0)
    .map(pascalName)
    .join("");

/** `DynamoDbTable` -> `dynamo-db-table`. */
export const fileName = (name: string): string => wordsOf(name).join("-").toLowerCase();

/** `Rules` -> `Rule`, `Policies` -> `Policy`: what one of them is called. */
export const singular = (name: string): string =>
  name.replace(/ies$/, "y").replace(/(sses|xes)$/, (end) => end.slice(0, -2)).replace(/(?<![su])s$/, "");
