import { existsSync } from "node:fs";
import { DEFAULT_SCOPE } from "../../services/context.ts";
import { authorityFile } from "../../gateway/trust.ts";
import { directoryOwner } from "../../kernel/directory-lock.ts";
import { isProcessAlive } from "../../platform/processes.ts";
import { PORT } from "../options.ts";
import type { Output } from "../output.ts";
import type { SessionOptions } from "../session.ts";

/** The variables that point AWS SDKs, the AWS CLI, CDK and Terraform's AWS provider at an engine. */
function environmentFor(
  endpoint: string,
  account: string,
  region: string,
  dataDirectory: string,
): Record<string, string> {
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
    // For the same address over TLS; Node trusts the engine's authority beside all others.
    ...(existsSync(authority) && { AWS_CA_BUNDLE: authority, NODE_EXTRA_CA_CERTS: authority }),
  };
}

/**
 * `eval "$(cloudstack env)"`: for the engine that is named, or the server of the data directory, or where one would
 * serve.
 */
export function printEnvironment(output: Output, options: SessionOptions, named: string | undefined): void {
  const { account = DEFAULT_SCOPE.account, region = DEFAULT_SCOPE.region, dataDirectory } = options;
  const owner = directoryOwner(dataDirectory);
  const serving = owner !== undefined && isProcessAlive(owner.pid) ? owner.endpoint : undefined;
  const endpoint = named ?? options.endpoint ?? serving ?? `http://127.0.0.1:${PORT}`;
  const variables = environmentFor(endpoint, account, region, dataDirectory);
  output.answer(variables, () =>
    Object.entries(variables)
      .map(([name, value]) => `export ${name}=${value}`)
      .join("\n"),
  );
}
