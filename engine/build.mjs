// Bundles the command line and the engine into dist/, or the folder that is named: one small entry, chunks that load
// when they are needed; and the types of what the package exports.
import { rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { writeDeclarations } from "./build-types.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const outdir = process.argv[2] ?? "dist";
rmSync(join(here, outdir), { recursive: true, force: true });

await build({
  absWorkingDir: here,
  entryPoints: {
    cloudstack: "cli/main.ts",
    engine: "compose.ts",
    embedded: "embedded/cloud-stacks.ts",
    testing: "embedded/expect-plan.ts",
  },
  outdir,
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  minifySyntax: true,
  legalComments: "none",
  sourcemap: "linked",
  sourcesContent: false,
  // Native code and what finds its own files at run time stay packages.
  external: ["better-sqlite3", "pg-native"],
  // CommonJS packages in the bundle still call require.
  banner: {
    js:
      'import { createRequire as __createRequire } from "node:module"; ' +
      "const require = __createRequire(import.meta.url);",
  },
});

const doors = ["embedded/cloud-stacks.ts", "embedded/expect-plan.ts", "stack/policy/rule.ts"];
writeDeclarations(here, doors, join(outdir, "types"));
