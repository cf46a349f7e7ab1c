import { defineConfig } from "vitest/config";

// One project per kind of test, so that each can be run alone: `npx vitest run --project unit engine/kernel`.
export default defineConfig({
  test: {
    // Property tests run this many times as long: CLOUDSTACKS_PROPERTY_RUNS=50 npx vitest run --project unit
    provide: { propertyRuns: Number(process.env["CLOUDSTACKS_PROPERTY_RUNS"] ?? 1) },
    coverage: {
      provider: "v8",
      include: ["engine/**/*.ts"],
      exclude: ["**/*.test.ts", "**/*.generated.ts"],
      thresholds: { lines: 80 },
    },
    projects: [
      { test: { name: "unit", include: ["engine/**/*.test.ts"], testTimeout: 20_000 } },
      { test: { name: "tidy", include: ["test/tidy/**/*.test.ts"], testTimeout: 60_000 } },
      // Real clients, real processes: slower, run after the unit tests.
      // Terraform mostly waits, so that more files than cores run at once.
      {
        test: {
          name: "system",
          include: ["test/system/**/*.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 120_000,
          maxWorkers: 4,
        },
      },
    ],
  },
});
