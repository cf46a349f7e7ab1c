import type { Registry } from "../../stack/registry/registry.ts";
import { readConstructClass } from "./read-type.ts";
import { constructSources } from "./write-class.ts";

/** Where the constructs of native types and of AWS's stand. */
export const CONSTRUCT_FOLDERS = ["constructs/src/types", "constructs/src/aws"] as const;

/** The constructs of all registered types, by path. */
export function constructFiles(registry: Registry): ReadonlyMap<string, string> {
  const classes = registry.names.flatMap((name) => {
    const registered = registry.get(name);
    return registered ? [readConstructClass(registered.type)] : [];
  });
  const [native, aws] = CONSTRUCT_FOLDERS;
  const groups = [
    [native, classes.filter(({ type }) => !type.includes("::"))],
    [aws, classes.filter(({ type }) => type.startsWith("AWS::"))],
  ] as const;
  return new Map(
    groups.flatMap(([folder, own]) =>
      [...constructSources(own)].map(([name, source]) => [`${folder}/${name}`, source] as const),
    ),
  );
}
