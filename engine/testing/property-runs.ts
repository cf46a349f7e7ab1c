import type { Parameters } from "fast-check";
import { inject } from "vitest";

declare module "vitest" {
  interface ProvidedContext {
    propertyRuns: number;
  }
}

/** The most that a property takes with the shrinking of what it finds, in a daily test. */
const DAILY_MS_MAX = 60_000;

/**
 * How long a property is tried: `runs` times in a daily test, and as many times more as `CLOUDSTACKS_PROPERTY_RUNS`
 * says (vitest.config.ts).
 */
export function sampled(runs: number, seed: number): Parameters<unknown> {
  const times = inject("propertyRuns");
  return { numRuns: runs * times, seed, interruptAfterTimeLimit: DAILY_MS_MAX * times };
}
