import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { invariant } from "../platform/invariant.ts";
import { loadAwsModel } from "../protocols/aws/load-model.ts";
import { awsTypesSource } from "./aws-types.ts";
import { catalogSource, foldersWithDoor } from "./catalog.ts";
import { emitter } from "./emit.ts";

/** `npm run gen` writes every generated file; `npm run gen -- --check` fails, with their names, when one is stale. */
const root = resolve(fileURLToPath(import.meta.url), "../../..");
const checkOnly = process.argv.includes("--check");
const emit = emitter(root, checkOnly);

/** Typed from the start, so that their bindings can be written against something. */
const FIRST_AWS_SERVICES = ["dynamodb", "iam", "s3", "sqs", "sts"];

emit.file("engine/catalog.generated.ts", catalogSource(join(root, "engine")));

for (const id of new Set([...FIRST_AWS_SERVICES, ...foldersWithDoor(join(root, "engine/clouds/aws"))])) {
  const model = loadAwsModel(id);
  invariant(model !== undefined, `the folder clouds/aws/${id} is named as AWS names a model (engine/models/aws/index.json)`);
  emit.file(`engine/models/aws/${id}.generated.ts`, awsTypesSource(model));
}
emit.sweep("engine/models/aws", (name) => name.endsWith(".generated.ts"));

if (emit.stale.length > 0) console.log(`${checkOnly ? "stale" : "wrote"}: ${emit.stale.join(", ")}`);
if (checkOnly && emit.stale.length > 0) {
  console.error("Generated files are not up to date. Run `npm run gen` and commit the result.");
  process.exit(1);
}
