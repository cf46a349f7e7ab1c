import { defineConfig } from "vitest/config";

/**
 * Property tests run this many times as long:
 * `CLOUDSTACKS_PROPERTY_RUNS=50 npx vitest run --project unit engine/stack`.
 */
const propertyRuns = Number(process.env["CLOUDSTACKS_PROPERTY_RUNS"] ?? 1);

// One project per kind of test, so that each can be run alone: `npx vitest run --project unit engine/kernel`.
export default defineConfig({
  test: {
    provide: { propertyRuns },
    coverage: {
      provider: "v8",
      include: ["{engine,constructs}/**/*.ts"],
      exclude: ["**/*.test.ts", "**/*.generated.ts", "engine/starters/**"],
      thresholds: { lines: 80 },
    },
    projects: [
      {
        test: {
          name: "unit",
          include: ["{engine,constructs}/**/*.test.ts"],
          // What `cloudstack init` writes is tested where it is written to.
          exclude: ["**/node_modules/**", "engine/starters/**"],
          testTimeout: 60_000 * propertyRuns,
        },
      },
      { test: { name: "tidy", include: ["test/tidy/**/*.test.ts"], testTimeout: 60_000 } },
      // Real clients, real processes: slower, run after the unit tests.
      // Terraform mostly waits, so that more files than cores run at once.
      {
        test: {
          name: "system",
          include: ["test/system/**/*.test.ts"],
          globalSetup: "test/system/kit/terraform-mirror.ts",
          testTimeout: 300_000,
          hookTimeout: 120_000,
          maxWorkers: 4,
        },
      },
    ],
  },
});
