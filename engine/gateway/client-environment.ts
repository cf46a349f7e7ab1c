import type { Scope } from "../services/context.ts";

/**
 * The variables that point AWS SDKs, the AWS CLI, CDK and Terraform's AWS provider at an engine.
 * `authority` is the file of the certificate authority to trust for the same address over TLS.
 */
export function clientEnvironment(
  endpoint: string,
  { account, region }: Scope,
  authority?: string,
): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    // The 12-digit access key id is the account.
    AWS_ACCESS_KEY_ID: account,
    AWS_SECRET_ACCESS_KEY: "cloudstacks",
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    // Without this an SDK that lost its credentials asks the machine's metadata service and hangs.
    AWS_EC2_METADATA_DISABLED: "true",
    CLOUDSTACKS_ENDPOINT: endpoint,
    // Node trusts the engine's authority beside all others.
    ...(authority !== undefined && { AWS_CA_BUNDLE: authority, NODE_EXTRA_CA_CERTS: authority }),
  };
}
