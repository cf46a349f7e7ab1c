import { inject } from "vitest";

declare module "vitest" {
  interface ProvidedContext {
    propertyRuns: number;
  }
}

/** Few runs in a daily test; as many times more as `CLOUDSTACKS_PROPERTY_RUNS` says (vitest.config.ts). */
export const runs = (daily: number): number => daily * inject("propertyRuns");
