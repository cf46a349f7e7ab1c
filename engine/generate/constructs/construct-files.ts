import type { Registry } from "../../stack/registry/registry.ts";
import { readConstructClass } from "./read-type.ts";
import { terraformTypesSource } from "./terraform-types.ts";
import { constructSources } from "./write-class.ts";

/** Where the constructs of native types and of AWS's stand, and what Terraform calls them. */
export const CONSTRUCT_FOLDERS = ["constructs/src/types", "constructs/src/aws", "constructs/src/terraform"] as const;

/** The constructs of all registered types, by path. */
export function constructFiles(registry: Registry): ReadonlyMap<string, string> {
  const classes = registry.names.flatMap((name) => {
    const registered = registry.get(name);
    return registered ? [readConstructClass(registered.type)] : [];
  });
  const [native, aws, terraform] = CONSTRUCT_FOLDERS;
  const groups = [
    [native, classes.filter(({ type }) => !type.includes("::"))],
    [aws, classes.filter(({ type }) => type.startsWith("AWS::"))],
  ] as const;
  const sources = groups.flatMap(([folder, own]) =>
    [...constructSources(own)].map(([name, source]) => [`${folder}/${name}`, source] as const),
  );
  return new Map([...sources, [`${terraform}/terraform-types.generated.ts`, terraformTypesSource(registry)]]);
}
