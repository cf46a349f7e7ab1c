import type { IamOperations } from "../../../models/aws/iam.generated.ts";
import { AwsFailure } from "../../../protocols/aws/codec.ts";
import { identity } from "../../../services/identity/service.ts";
import { bind } from "../binding.ts";
import { rootUser } from "./model.ts";

/** The lists are short enough for one page, so that no marker was ever given. */
function firstPage(marker: string | undefined): Record<string, never> {
  if (marker === undefined) return {};
  throw new AwsFailure({ code: "ValidationError", status: 400, message: `Invalid Marker: ${marker}` });
}

/** What the Terraform provider asks at start. */
export const operations = bind<IamOperations>()(identity, {
  GetUser: {
    to: "getCallerIdentity",
    in: ({ UserName }) => {
      if (UserName === undefined) return {};
      throw new AwsFailure({
        code: "NoSuchEntity",
        status: 404,
        message: `The user with name ${UserName} cannot be found.`,
      });
    },
    out: ({ account, principal }) => ({ User: rootUser(account, principal) }),
  },
  ListRoles: {
    to: "listRoles",
    in: ({ Marker }) => firstPage(Marker),
    out: ({ roles }) => ({ Roles: roles, IsTruncated: false }),
    accepted: ["PathPrefix", "MaxItems"],
  },
  ListAccountAliases: {
    to: "listAccountAliases",
    in: ({ Marker }) => firstPage(Marker),
    out: ({ aliases }) => ({ AccountAliases: aliases, IsTruncated: false }),
    accepted: ["MaxItems"],
  },
});
