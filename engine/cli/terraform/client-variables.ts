import { DEFAULT_SCOPE, type Scope } from "../../services/context.ts";
import { clientEnvironment, SECRET_KEY_VARIABLE } from "../../gateway/client-environment.ts";
import { TERRAFORM_STATES_PATH } from "../../gateway/terraform-state-api.ts";

type Environment = Readonly<Record<string, string | undefined>>;

export interface ToolParts {
  readonly endpoint: string;
  readonly account: string | undefined;
  readonly region: string | undefined;
  /** A proxy's address. */
  readonly guard: string;
  /** A file with every authority that the tool's AWS clients are to trust. */
  readonly authorities: string;
  /** The engine's own providers, as `TF_REATTACH_PROVIDERS` names them. */
  readonly providers: Readonly<Record<string, unknown>>;
  /** The name of the state, when the configuration keeps its own in an HTTP backend. */
  readonly state: string | undefined;
}

export interface ToolEnvironment {
  /** What the tool is given beside, or instead of, what it inherits. */
  readonly set: Readonly<Record<string, string>>;
  /** What it does not inherit: it would lead past the engine. */
  readonly removed: readonly string[];
}

/** Credentials, endpoints and modes of the real AWS that clients would take before the engine's, or beside them. */
const OF_REAL_AWS = [
  /^AWS_(DEFAULT_)?PROFILE$/,
  /^AWS_SESSION_TOKEN$/,
  /^AWS_ROLE_/,
  /^AWS_WEB_IDENTITY_TOKEN_FILE$/,
  /^AWS_CONTAINER_/,
  /^AWS_IGNORE_CONFIGURED_ENDPOINT_URLS$/,
  /^AWS_ENDPOINT_URL_/,
  /^(TF_)?AWS_(\w+_)?ENDPOINT$/,
  /^AWS_USE_(FIPS|DUALSTACK)_ENDPOINT$/,
];

/** The variables of one run of Terraform: those of `cloudstack env`, the guard's, our provider's, the state's. */
export function toolEnvironment(inherited: Environment, parts: ToolParts): ToolEnvironment {
  const { endpoint, account = DEFAULT_SCOPE.account } = parts;
  // A provider without a region takes the user's, which names no account and no credentials.
  const { AWS_REGION, AWS_DEFAULT_REGION } = inherited;
  const region = parts.region || AWS_REGION || AWS_DEFAULT_REGION || DEFAULT_SCOPE.region;
  const set = {
    ...clientEnvironment(endpoint, { account, region }, { secretKey: inherited[SECRET_KEY_VARIABLE] }),
    AWS_CA_BUNDLE: parts.authorities,
    ...proxyVariables(parts.guard),
    ...reattachVariable(inherited, parts.providers),
    ...(parts.state !== undefined && stateVariables(inherited, parts.state, { endpoint, account })),
  };
  const removed = Object.keys(inherited).filter(
    (name) => !(name in set) && OF_REAL_AWS.some((pattern) => pattern.test(name)),
  );
  return { set, removed };
}

/** Programs differ in which case they read; loopback addresses go past every proxy. */
function proxyVariables(guard: string): Record<string, string> {
  const variables = { HTTP_PROXY: guard, HTTPS_PROXY: guard, NO_PROXY: "127.0.0.1,localhost,::1" };
  const lower = Object.entries(variables).map(([name, value]) => [name.toLowerCase(), value]);
  return { ...variables, ...(Object.fromEntries(lower) as Record<string, string>) };
}

function reattachVariable(inherited: Environment, providers: ToolParts["providers"]): Record<string, string> {
  if (Object.keys(providers).length === 0) return {};
  const own = JSON.parse(inherited["TF_REATTACH_PROVIDERS"] || "{}") as object;
  return { TF_REATTACH_PROVIDERS: JSON.stringify({ ...providers, ...own }) };
}

/** Where the HTTP backend keeps a state; what the user has set is kept. */
function stateVariables(
  inherited: Environment,
  state: string,
  { endpoint, account }: Pick<Scope, "account"> & { readonly endpoint: string },
): Record<string, string> {
  if (inherited["TF_HTTP_ADDRESS"]) return {};
  const address = `${endpoint}${TERRAFORM_STATES_PATH}${state.split("/").map(encodeURIComponent).join("/")}`;
  return {
    TF_HTTP_ADDRESS: address,
    TF_HTTP_LOCK_ADDRESS: address,
    TF_HTTP_UNLOCK_ADDRESS: address,
    // The account; the password is not looked at.
    TF_HTTP_USERNAME: account,
    TF_HTTP_PASSWORD: "cloudstacks",
  };
}
