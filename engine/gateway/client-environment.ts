import type { Scope } from "../services/context.ts";

export interface ClientTrust {
  /** The file of the certificate authority to trust for the same address over TLS. */
  readonly authority?: string | undefined;
  /** What an engine checks signatures with; one that checks none takes any. */
  readonly secretKey?: string | undefined;
}

/** Where a user names the secret key of an engine that checks signatures. */
export const SECRET_KEY_VARIABLE = "CLOUDSTACKS_SECRET_KEY";

/** The variables that point AWS SDKs, the AWS CLI, CDK and Terraform's AWS provider at an engine. */
export function clientEnvironment(
  endpoint: string,
  { account, region }: Scope,
  { authority, secretKey }: ClientTrust = {},
): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    // The 12-digit access key id is the account.
    AWS_ACCESS_KEY_ID: account,
    AWS_SECRET_ACCESS_KEY: secretKey ?? "cloudstacks",
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    // Without this an SDK that lost its credentials asks the machine's metadata service and hangs.
    AWS_EC2_METADATA_DISABLED: "true",
    CLOUDSTACKS_ENDPOINT: endpoint,
    ...(secretKey !== undefined && { [SECRET_KEY_VARIABLE]: secretKey }),
    // Node trusts the engine's authority beside all others.
    ...(authority !== undefined && { AWS_CA_BUNDLE: authority, NODE_EXTRA_CA_CERTS: authority }),
  };
}
