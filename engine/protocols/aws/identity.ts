import { DEFAULT_SCOPE, isAccount } from "../../services/context.ts";
import type { WireRequest } from "../wire.ts";
import { queryParameter, type Credential } from "./credential.ts";

export interface Identity {
  readonly account: string;
  readonly region: string;
  readonly accessKeyId?: string;
}

const REGION = /^[a-z0-9-]{1,64}$/;
const WITHOUT_REGION = new Set(["aws-global", "*"]);

const regionOf = (text: string | undefined) =>
  text === undefined || !REGION.test(text) || WITHOUT_REGION.has(text) ? DEFAULT_SCOPE.region : text;

function identityFrom(credential: Credential | undefined, regionSet: string | undefined): Identity {
  if (credential === undefined) return DEFAULT_SCOPE;
  const { accessKeyId, scheme } = credential;
  const account = isAccount(accessKeyId) ? accessKeyId : DEFAULT_SCOPE.account;
  const region = scheme === "v4a" ? regionSet?.split(",")[0]?.trim() : credential.region;
  return { account, region: regionOf(region), accessKeyId };
}

/** Account and region: an access key of 12 digits is its account, the signature's scope names the region. */
export function identityOf(
  request: Pick<WireRequest, "headers" | "query">,
  credential: Credential | undefined,
): Identity {
  if (credential?.scheme !== "v4a") return identityFrom(credential, undefined);
  const header = request.headers["x-amz-region-set"];
  return identityFrom(
    credential,
    typeof header === "string" ? header : queryParameter(request.query, "X-Amz-Region-Set"),
  );
}
