import type { IamOperations } from "../../../models/aws/iam.generated.ts";
import { AwsFailure } from "../../../protocols/aws/codec.ts";
import { identity } from "../../../services/identity/service.ts";
import { bind } from "../binding.ts";
import { rootUser } from "./model.ts";

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
  ListRoles: { to: "listRoles", in: () => ({}), out: ({ roles }) => ({ Roles: roles, IsTruncated: false }) },
  ListAccountAliases: {
    to: "listAccountAliases",
    in: () => ({}),
    out: ({ aliases }) => ({ AccountAliases: aliases, IsTruncated: false }),
  },
});
