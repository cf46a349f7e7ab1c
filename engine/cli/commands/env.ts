import { existsSync } from "node:fs";
import type { Output } from "../output.ts";
import { authorityFile } from "../../gateway/trust.ts";

/** The variables that point AWS SDKs, the AWS CLI, CDK and Terraform's AWS provider at an engine. */
export function environmentFor(endpoint: string, account: string, region: string, dataDirectory: string): Record<string, string> {
  const authority = authorityFile(dataDirectory);
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
    ...(existsSync(authority) && { AWS_CA_BUNDLE: authority }),
  };
}

/** `eval "$(cloudstack env)"`. */
export function printEnvironment(output: Output, variables: Readonly<Record<string, string>>): void {
  output.answer(variables, () => Object.entries(variables).map(([name, value]) => `export ${name}=${value}`).join("\n"));
}
