import type { CloudDoor } from "../../protocols/wire.ts";
import type { Service } from "../../services/manifest.ts";
import type { Registry } from "../../stack/registry/registry.ts";

/** What operations are called, by cloud and service: what a rule can name. */
export interface ServiceWords {
  readonly cloud: string;
  readonly service: string;
  readonly operations: readonly string[];
  /** HTTP statuses by the code of the error. */
  readonly errors: ReadonlyMap<string, number>;
}
export type Vocabulary = readonly ServiceWords[];

const VERBS = ["create", "read", "update", "delete"];
const NATIVE_ERRORS: ReadonlyMap<string, number> = new Map([["InternalFailure", 500]]);

/** The words of an engine: its clouds' operations, its own, and the handlers of resource types. */
export function vocabularyOf(
  clouds: readonly CloudDoor[],
  services: readonly Service[],
  registry: Registry,
): Vocabulary {
  const handlers = new Map<string, string[]>();
  for (const name of registry.names) {
    const registered = registry.get(name);
    if (!registered) continue;
    const { cloud, service } = registered.owner ?? { cloud: "native", service: registered.service.name };
    const place = `${cloud} ${service}`;
    handlers.set(place, [...(handlers.get(place) ?? []), ...VERBS.map((verb) => `${name}.${verb}`)]);
  }
  const handlersOf = (cloud: string, service: string) => handlers.get(`${cloud} ${service}`) ?? [];
  return [
    ...clouds.flatMap((cloud) =>
      cloud.services.map((service) => ({
        cloud: cloud.name,
        service,
        operations: [...cloud.operationsOf(service), ...handlersOf(cloud.name, service)],
        errors: cloud.errorsOf(service),
      })),
    ),
    ...services.map(({ name, operations }) => ({
      cloud: "native",
      service: name,
      operations: [...Object.keys(operations), ...handlersOf("native", name)],
      errors: NATIVE_ERRORS,
    })),
  ];
}
