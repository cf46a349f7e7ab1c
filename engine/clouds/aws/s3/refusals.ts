import { AwsFailure } from "../../../protocols/aws/codec.ts";
import { invalidArgument } from "./model.ts";

export const notImplemented = (what: string) =>
  new AwsFailure({ code: "NotImplemented", status: 501, message: `CloudStacks does not implement ${what}.` });

/** Refuses by name what a request says and the engine would ignore to its sender's harm. */
export function refuseMembers<W extends object>(wire: W, ...names: readonly (keyof W & string)[]): void {
  for (const name of names) {
    if (wire[name] !== undefined) throw notImplemented(`the parameter ${name}`);
  }
}

/** Listings that come whole never give a token, so that none can be right. */
export function refuseToken(token: string | undefined): void {
  if (token !== undefined)
    throw invalidArgument("continuation-token", token, "The continuation token provided is incorrect");
}
