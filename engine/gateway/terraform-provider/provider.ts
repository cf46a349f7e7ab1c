import { isAccount } from "../../services/context.ts";
import type { CtyObject } from "../../protocols/terraform/cty-value.ts";
import { isUnknownCty } from "../../protocols/terraform/cty-value.ts";
import type { ManagedResource, Provider, ProviderDiagnostic } from "../../protocols/terraform/provider.ts";
import { schemaJson } from "../../protocols/terraform/schema.ts";
import { schemaOf } from "../../protocols/terraform/calls.ts";
import type { Registry } from "../../stack/registry/registry.ts";
import { applyResource } from "./apply-resource.ts";
import { listing, lookUp, scopeSource } from "./data-sources.ts";
import { secretResource } from "./ephemeral.ts";
import { FUNCTIONS } from "./functions.ts";
import { mappingOf, type Mapping } from "./mapping.ts";
import { heldUnder, moveResource } from "./move-resource.ts";
import { PROVIDER_SOURCE, resourceName } from "./names.ts";
import { planResource } from "./plan-resource.ts";
import { readResource } from "./read-resource.ts";
import type { ProviderEngine, ProviderSession } from "./session.ts";
import { checkedConfig, tellingUnknownScope } from "./told.ts";

/** The provider `cloudstacks/cloudstacks`: every registered type, made and changed by its own handlers. */
export function createProvider(engine: ProviderEngine): Provider<ProviderSession> {
  const mappings = mappingsOf(engine.registry);
  const each = [...mappings.values()];
  return {
    schema: {
      version: 0,
      description: "Resources of a CloudStacks engine.",
      attributes: {
        account: { type: "string", use: "optional", description: "An account of 12 digits; the engine's by default." },
        region: { type: "string", use: "optional", description: "The engine's default region when omitted." },
      },
    },
    open: () => ({ engine, scope: engine.defaultScope, stopping: new AbortController() }),
    validate: checkProvider,
    configure(session, config) {
      const diagnostics = checkProvider(config);
      if (diagnostics.length === 0) session.scope = scopeIn(engine, config);
      return diagnostics;
    },
    isDeferred: ({ scope }) => scope === undefined,
    stop: ({ stopping }) => stopping.abort(),
    resources: Object.fromEntries(each.map((mapping) => [mapping.name, managedResource(mapping, mappings)])),
    dataSources: {
      ...Object.fromEntries(each.map((mapping) => [mapping.name, lookUp(mapping)])),
      [resourceName("Scope")]: scopeSource,
      [resourceName("ResourceIds")]: listing(mappings),
    },
    ephemeralResources: { [resourceName("Secret")]: secretResource },
    functions: FUNCTIONS,
  };
}

/** Mappings by the types' own names. Two types that Terraform would call the same stop the start. */
function mappingsOf(registry: Registry): ReadonlyMap<string, Mapping> {
  const mappings = new Map<string, Mapping>();
  const owners = new Map<string, string>();
  for (const type of registry.names) {
    const registered = registry.get(type);
    const mapping = registered && mappingOf(registered);
    if (!mapping) continue;
    const owner = owners.get(mapping.name);
    if (owner !== undefined) throw new Error(`${owner} and ${type} would both be called ${mapping.name} by Terraform.`);
    owners.set(mapping.name, type);
    mappings.set(type, mapping);
  }
  return mappings;
}

function scopeIn({ defaultScope }: ProviderEngine, { account = null, region = null }: CtyObject) {
  if (isUnknownCty(account) || isUnknownCty(region)) return undefined;
  return {
    account: account === null ? defaultScope.account : String(account),
    region: region === null ? defaultScope.region : String(region),
  };
}

function checkProvider({ account = null, region = null }: CtyObject): ProviderDiagnostic[] {
  const diagnostics: ProviderDiagnostic[] = [];
  const refuse = (attribute: string, summary: string) =>
    diagnostics.push({ severity: "error", summary, path: [{ attribute }] });
  if (typeof account === "string" && !isAccount(account)) refuse("account", "An account has 12 digits");
  if (region === "") refuse("region", "A region has a name");
  return diagnostics;
}

function managedResource(
  mapping: Mapping,
  mappings: ReadonlyMap<string, Mapping>,
): ManagedResource<ProviderSession> {
  const { schema } = mapping;
  return {
    schema,
    validate: (config) => checkedConfig(mapping, config).diagnostics,
    read: (session, current) => tellingUnknownScope(current, () => readResource(session, mapping, current)),
    plan: (_session, change) => Promise.resolve(planResource(mapping, change)),
    apply: (session, change) =>
      tellingUnknownScope({ state: change.prior, private: change.private }, () =>
        applyResource(session, mapping, change),
      ),
    import: (session, id) =>
      tellingUnknownScope({ state: null }, async () => {
        const held = await heldUnder(session, mapping, [id]);
        const summary = `There is no ${mapping.type.name} with the id "${id}" to import`;
        return held ?? { state: null, diagnostics: [{ severity: "error", summary }] };
      }),
    move: (session, from) =>
      tellingUnknownScope({ state: null }, () => moveResource(session, mapping, mappings, from)),
  };
}

/** What `terraform providers schema -json` prints of this provider, without running Terraform. */
export const providerSchemaJson = (engine: ProviderEngine) =>
  schemaJson(PROVIDER_SOURCE, schemaOf(createProvider(engine)));
