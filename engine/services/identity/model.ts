import { Type, type Static } from "typebox";

export const CallerIdentity = Type.Object({
  account: Type.String(),
  /** The caller's name in its cloud. */
  principal: Type.String(),
});
export type CallerIdentity = Static<typeof CallerIdentity>;
