import type { TerraformModule, TerraformPlanJson } from "./plan-json.ts";

/** `aws_sqs_queue.jobs` of `module.shop.aws_sqs_queue.jobs["a"].arn`, without the module. */
const withoutKeys = (address: string): string => address.replaceAll(/\["(?:[^"\\]|\\.)*"\]|\[\d+\]/g, "");

/** What the declaration of a resource refers to, within its own module, by the address of any instance of it. */
export function dependenciesOf({ configuration, resource_changes = [] }: TerraformPlanJson) {
  const declared = new Map<string, readonly string[]>();
  if (configuration?.root_module) collect(configuration.root_module, "", declared);
  const instances = new Map<string, string[]>();
  for (const { address } of resource_changes) {
    const plain = withoutKeys(address);
    instances.set(plain, [...(instances.get(plain) ?? []), address]);
  }
  return (address: string): readonly string[] =>
    (declared.get(withoutKeys(address)) ?? []).flatMap((each) => instances.get(each) ?? []);
}

function collect(module: TerraformModule, prefix: string, into: Map<string, readonly string[]>): void {
  const resources = module.resources ?? [];
  const own = resources.map(({ address }) => address);
  for (const { address, expressions, depends_on: explicit = [] } of resources) {
    const referred = [...referencesIn(expressions), ...explicit];
    const found = own.filter((each) => each !== address && referred.some((reference) => isOf(reference, each)));
    into.set(prefix + address, found.map((each) => prefix + each));
  }
  for (const [name, call] of Object.entries(module.module_calls ?? {}))
    if (call.module) collect(call.module, `${prefix}module.${name}.`, into);
}

const isOf = (reference: string, address: string) =>
  reference === address || reference.startsWith(`${address}.`) || reference.startsWith(`${address}[`);

/** `references` stands wherever an expression does. */
function referencesIn(expressions: unknown): string[] {
  if (typeof expressions !== "object" || expressions === null) return [];
  return Object.entries(expressions).flatMap(([key, value]) =>
    key === "references" && Array.isArray(value) ? value.map(String) : referencesIn(value),
  );
}
