import type { WireRequest } from "../wire.ts";
import { credentialOf, queryParameter, type Credential } from "./credential.ts";

export const DEFAULT_ACCOUNT = "000000000000";
export const DEFAULT_REGION = "us-east-1";

export interface Identity {
  readonly account: string;
  readonly region: string;
  readonly accessKeyId?: string;
}

const ACCOUNT = /^\d{12}$/;
const REGION = /^[a-z0-9-]{1,64}$/;
const WITHOUT_REGION = new Set(["aws-global", "*"]);

const regionOf = (text: string | undefined) =>
  text === undefined || !REGION.test(text) || WITHOUT_REGION.has(text) ? DEFAULT_REGION : text;

function identityFrom(credential: Credential | undefined, regionSet: string | undefined): Identity {
  if (credential === undefined) return { account: DEFAULT_ACCOUNT, region: DEFAULT_REGION };
  const { accessKeyId, scheme } = credential;
  const account = ACCOUNT.test(accessKeyId) ? accessKeyId : DEFAULT_ACCOUNT;
  const region = scheme === "v4a" ? regionSet?.split(",")[0]?.trim() : credential.region;
  return { account, region: regionOf(region), accessKeyId };
}

/** Account and region: an access key of 12 digits is its account, the signature's scope names the region. */
export function identityOf(request: Pick<WireRequest, "headers" | "query">): Identity {
  const credential = credentialOf(request);
  if (credential?.scheme !== "v4a") return identityFrom(credential, undefined);
  const header = request.headers["x-amz-region-set"];
  return identityFrom(
    credential,
    typeof header === "string" ? header : queryParameter(request.query, "X-Amz-Region-Set"),
  );
}
