import type { KmsOperations } from "../../../models/aws/kms.generated.ts";
import { AwsFailure } from "../../../protocols/aws/codec.ts";
import { keys } from "../../../services/keys/service.ts";
import { bind } from "../binding.ts";
import { aliasOf, keyIn, kmsArn, metadata } from "./model.ts";

/** The lists are short enough for one page, so that no marker was ever given. */
function firstPage(marker: string | undefined): Record<string, never> {
  if (marker === undefined) return {};
  throw new AwsFailure({ code: "InvalidMarkerException", status: 400, message: "The marker is not valid." });
}

export const operations = bind<KmsOperations>()(keys, {
  DescribeKey: {
    to: "getKey",
    in: ({ KeyId }, call) => keyIn(KeyId, call),
    out: (key, _, call) => ({ KeyMetadata: metadata(key, call) }),
    accepted: ["GrantTokens"],
  },
  ListKeys: {
    to: "listKeys",
    in: ({ Marker }) => firstPage(Marker),
    out: ({ found }, _, call) => ({
      Keys: found.map(({ id }) => ({ KeyId: id, KeyArn: kmsArn(`key/${id}`, call) })),
      Truncated: false,
    }),
    accepted: ["Limit", "ResourceOwners"],
  },
  ListAliases: {
    to: "listKeys",
    in: ({ Marker }) => firstPage(Marker),
    out: ({ found }, { KeyId }, call) => ({
      Aliases: found
        .filter(({ id }) => KeyId === undefined || KeyId === id || KeyId === kmsArn(`key/${id}`, call))
        .map((key) => ({
          AliasName: aliasOf(key),
          AliasArn: kmsArn(aliasOf(key), call),
          TargetKeyId: key.id,
        })),
      Truncated: false,
    }),
    accepted: ["Limit"],
  },
});
