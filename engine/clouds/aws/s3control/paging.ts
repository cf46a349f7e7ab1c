import { AwsFailure } from "../../../protocols/aws/codec.ts";

/** The token by which a listing goes on after a name. */
export const tokenOf = (name: string): string => Buffer.from(name).toString("base64url");

/** The name a token was made of. */
function nameIn(token: string): string {
  const name = Buffer.from(token, "base64url").toString();
  if (token !== "" && tokenOf(name) === token) return name;
  throw new AwsFailure({ code: "InvalidRequest", status: 400, message: "The continuation token is not valid." });
}

/** Where a listing begins, and how long it may be. */
export function pageOf({ NextToken, MaxResults }: { readonly NextToken?: string; readonly MaxResults?: number }) {
  return {
    ...(NextToken !== undefined && { after: nameIn(NextToken) }),
    ...(MaxResults !== undefined && { limit: MaxResults }),
  };
}

/** Where it goes on. */
export const nextToken = (next: string | undefined) => (next === undefined ? {} : { NextToken: tokenOf(next) });
