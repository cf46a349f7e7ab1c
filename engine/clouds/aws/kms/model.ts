import type { KeyMetadata } from "../../../models/aws/kms.generated.ts";
import type { OperationOutput } from "../../../services/manifest.ts";
import type { keys } from "../../../services/keys/service.ts";
import { arnPartition } from "../access-point-arn.ts";
import type { WireCall } from "../binding.ts";

type ServiceKey = OperationOutput<typeof keys, "getKey">;

const ALIASES: Readonly<Record<ServiceKey["keptFor"], string>> = {
  objects: "alias/aws/s3",
  queues: "alias/aws/sqs",
  tables: "alias/aws/dynamodb",
  topics: "alias/aws/sns",
};
export const aliasOf = ({ keptFor }: ServiceKey): string => ALIASES[keptFor];

export const kmsArn = (name: string, { account, region }: WireCall): string =>
  `arn:${arnPartition(region)}:kms:${region}:${account}:${name}`;

/** A key is asked for by its id, an alias, or the ARN of either. What is none of the caller's stays as it was said. */
export function keyIn(said: string, call: WireCall) {
  const own = kmsArn("", call);
  const name = said.startsWith(own) ? said.slice(own.length) : said;
  const keptFor = Object.entries(ALIASES).find(([, alias]) => alias === name)?.[0] as ServiceKey["keptFor"] | undefined;
  return keptFor === undefined ? { id: name.replace(/^key\//, "") } : { keptFor };
}

export const metadata = (key: ServiceKey, call: WireCall): KeyMetadata => ({
  AWSAccountId: call.account,
  KeyId: key.id,
  Arn: kmsArn(`key/${key.id}`, call),
  Description: `Default key that protects what ${aliasOf(key).replace("alias/", "")} keeps when no other key is named`,
  Enabled: true,
  KeyState: "Enabled",
  KeyUsage: "ENCRYPT_DECRYPT",
  KeyManager: "AWS",
  Origin: "AWS_KMS",
  KeySpec: "SYMMETRIC_DEFAULT",
  CustomerMasterKeySpec: "SYMMETRIC_DEFAULT",
  EncryptionAlgorithms: ["SYMMETRIC_DEFAULT"],
  MultiRegion: false,
});
