import type { BlobStore } from "../kernel/blobs.ts";
import type { Store } from "../kernel/store.ts";
import { memoryStore } from "../kernel/memory.ts";
import { manualClock, type ManualClock } from "../platform/clock.ts";
import { idsFrom } from "../platform/ids.ts";
import { seededRandom, type Random } from "../platform/random.ts";
import { createCalls, type CallOptions, type Calls } from "../services/calls.ts";
import type { OperationInput, OperationName, OperationOutput, Service } from "../services/manifest.ts";

export interface ServiceUnderTest<S extends Service> {
  readonly clock: ManualClock;
  readonly calls: Calls;
  /** Calls one of the service's operations in account 111111111111, region us-east-1. */
  call<N extends OperationName<S>>(
    name: N,
    input: OperationInput<S, N>,
    options?: Partial<CallOptions>,
  ): Promise<OperationOutput<S, N>>;
}

const noBlobs = {} as BlobStore;

/** A service on a memory store, with a clock that stands still. `others` fill its ports. */
export function serviceUnderTest<S extends Service>(
  service: S,
  others: readonly Service[] = [],
  parts: { store?: Store; blobs?: BlobStore; clock?: ManualClock; random?: Random } = {},
): ServiceUnderTest<S> {
  const { clock = manualClock(), random = seededRandom(1) } = parts;
  const calls = createCalls({
    store: parts.store ?? memoryStore(),
    blobs: parts.blobs ?? noBlobs,
    clock,
    ids: idsFrom(random),
    random,
    services: [service, ...others],
  });
  return {
    clock,
    calls,
    call: (name, input, options) =>
      calls.call(service, name, input, { account: "111111111111", region: "us-east-1", ...options }),
  };
}
