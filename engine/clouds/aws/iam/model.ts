import type { User } from "../../../models/aws/iam.generated.ts";

/** When the engine's accounts came to be: long ago and always the same, since an account is made by being named. */
const ACCOUNT_CREATED = new Date("2020-01-01T00:00:00Z");

/** The root of an account, as GetUser shows it: it has no UserName in IAM's sense, so its id stands in. */
export const rootUser = (account: string, principal: string): User => ({
  Path: "/",
  UserName: "root",
  UserId: account,
  Arn: principal,
  CreateDate: ACCOUNT_CREATED,
});
