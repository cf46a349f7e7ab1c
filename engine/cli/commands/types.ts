import { AWS_SERVICES, SERVICES } from "../../catalog.generated.ts";
import { awsResourceTypes } from "../../clouds/aws/binding.ts";
import { describeType } from "../../services/describe-type.ts";
import { createRegistry, type Registry } from "../../stack/registry/registry.ts";
import type { Output } from "../output.ts";
import { table } from "../text/table.ts";

/** Every type that a template can declare, without an engine. */
export const allTypes = (): Registry => createRegistry(SERVICES, awsResourceTypes(AWS_SERVICES));

/** The types that there are, with what each is. */
export function types(output: Output): void {
  const registry = allTypes();
  const described = registry.names.flatMap((name) => {
    const registered = registry.get(name);
    return registered ? [describeType(registered.type)] : [];
  });
  const answer = described.map(({ name, summary, twinOf, ref, attributes, properties }) => ({
    name,
    summary,
    ...(twinOf !== undefined && { twinOf }),
    ref,
    attributes: attributes.map((attribute) => attribute.name),
    properties: properties.filter(({ path, isRefused }) => !path.includes(".") && !isRefused).map(({ path }) => path),
  }));
  output.answer({ types: answer }, () =>
    [
      table(
        output.colors,
        ["type", "properties", ""],
        answer.map(({ name, summary, properties }) => [name, String(properties.length), summary]),
      ),
      "",
      "One type in detail: cloudstack explain Bucket",
    ].join("\n"),
  );
}
