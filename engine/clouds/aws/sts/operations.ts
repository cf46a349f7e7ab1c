import type { StsOperations } from "../../../models/aws/sts.generated.ts";
import { identity } from "../../../services/identity/service.ts";
import { bind } from "../binding.ts";
import { userIdOf } from "./model.ts";

export const operations = bind<StsOperations>()(identity, {
  GetCallerIdentity: {
    to: "getCallerIdentity",
    in: () => ({}),
    out: ({ account, principal }) => ({ UserId: userIdOf(principal, account), Account: account, Arn: principal }),
  },
});
