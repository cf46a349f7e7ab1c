import { TERRAFORM_PROVIDER_PATH } from "../../gateway/terraform-provider/door-api.ts";

const NOT_FOUND = 404;

/**
 * The engine's own providers, as `TF_REATTACH_PROVIDERS` names them. None of an engine on another machine: Terraform
 * watches the process that serves a provider.
 */
export async function attachedProviders(endpoint: string): Promise<Record<string, unknown>> {
  const { hostname } = new URL(endpoint);
  if (!["127.0.0.1", "localhost", "[::1]"].includes(hostname)) return {};
  const answer = await fetch(`${endpoint}${TERRAFORM_PROVIDER_PATH}`);
  // An engine of an earlier version has none.
  if (answer.status === NOT_FOUND) return {};
  if (!answer.ok) throw new Error(`${endpoint} did not tell of its providers: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Record<string, unknown>;
}
