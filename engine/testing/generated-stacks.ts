import { AWS_SERVICES, SERVICES } from "../catalog.generated.ts";
import { awsResourceTypes } from "../clouds/aws/binding.ts";
import type { Store } from "../kernel/store.ts";
import { stacksUnderTest, type StacksUnderTest } from "./stack-engine.ts";
import { thingsService } from "./stack-things.ts";
import { watchedType, type Watcher } from "./watched-types.ts";

/** The stack engine with the test's own type, every native one and every one of AWS, their handlers watched. */
export function generatedStacks(
  parts: { readonly store?: Store; readonly seed?: number } = {},
  ...watchers: readonly Watcher[]
): StacksUnderTest {
  const watched = (type: Parameters<typeof watchedType>[0]) => watchers.reduce(watchedType, type);
  const services = [thingsService(), ...SERVICES].map((service) => ({
    ...service,
    resources: service.resources.map(watched),
  }));
  const types = awsResourceTypes(AWS_SERVICES).map(({ type, service }) => ({ service, type: watched(type) }));
  return stacksUnderTest(services, { ...parts, types });
}
