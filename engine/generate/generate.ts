import { join } from "node:path";
import { awsResourceTypes } from "../clouds/aws/binding.ts";
import { factsFile, readTypeFacts } from "../clouds/aws/cloudformation-facts.ts";
import { reportSchema, resultSchema } from "../cli/formats/report-schema.ts";
import { WANTED } from "../models/compile-cloudformation/wanted.ts";
import { invariant } from "../platform/invariant.ts";
import { createRegistry } from "../stack/registry/registry.ts";
import { loadAwsModel } from "../protocols/aws/load-model.ts";
import { usageFileSchema } from "../stack/cost/usage.ts";
import { driftSchema, planSchema } from "../stack/plan/plan-schema.ts";
import { policyFileSchema } from "../stack/policy/policy-file.ts";
import { awsTypesSource } from "./aws-types.ts";
import { CONSTRUCT_FOLDERS, constructFiles } from "./constructs/construct-files.ts";
import { catalogSource, foldersWithDoor } from "./catalog.ts";
import { cloudformationTypesSource } from "./cloudformation-types.ts";
import { coveragePages } from "./coverage-pages.ts";
import { emitter } from "./emit.ts";
import { typePages } from "./type-pages.ts";

/** Typed from the start, so that their bindings can be written against something. */
const FIRST_AWS_SERVICES = ["dynamodb", "iam", "s3", "sqs", "sts"];

/** Made by `npm run coverage:terraform`, which takes many minutes. */
const TERRAFORM_PAGE = "terraform-aws.md";

/** Brings every generated file up to date, or only says which are not; returns those. */
export async function generate(root: string, checkOnly: boolean): Promise<readonly string[]> {
  const emit = emitter(root, checkOnly);
  emit.file("engine/catalog.generated.ts", catalogSource(join(root, "engine")));

  for (const id of new Set([...FIRST_AWS_SERVICES, ...foldersWithDoor(join(root, "engine/clouds/aws"))])) {
    const model = loadAwsModel(id);
    invariant(
      model !== undefined,
      `the folder clouds/aws/${id} has the name of a model (engine/models/aws/index.json)`,
    );
    emit.file(`engine/models/aws/${id}.generated.ts`, awsTypesSource(model));
  }
  emit.sweep("engine/models/aws", (name) => name.endsWith(".generated.ts"));

  for (const type of WANTED) {
    const file = factsFile(type).replace(/json$/, "generated.ts");
    emit.file(`engine/${file}`, cloudformationTypesSource(readTypeFacts(type)));
  }
  emit.sweep("engine/models/cloudformation", (name) => name.endsWith(".generated.ts"));

  // Imported only now: the catalog may have been written a moment ago.
  const { SERVICES, AWS_SERVICES } = await import("../catalog.generated.ts");
  for (const [name, page] of coveragePages(SERVICES, AWS_SERVICES)) emit.file(`docs/coverage/${name}`, page);
  const registry = createRegistry(SERVICES, awsResourceTypes(AWS_SERVICES));
  for (const [name, page] of typePages(registry)) emit.file(`docs/types/${name}`, page);
  for (const folder of ["docs/coverage", "docs/coverage/aws", "docs/types"])
    emit.sweep(folder, (name) => name.endsWith(".md") && name !== TERRAFORM_PAGE);
  for (const [path, source] of constructFiles(registry)) emit.file(path, source);
  for (const folder of CONSTRUCT_FOLDERS) emit.sweep(folder, (name) => name.endsWith(".generated.ts"));
  const { diagnosticPages } = await import("./diagnostic-pages.ts");
  for (const [name, page] of await diagnosticPages()) emit.file(`docs/diagnostics/${name}`, page);
  emit.sweep("docs/diagnostics", (name) => name.endsWith(".md"));
  const { templateSchema } = await import("../stack/template-schema/template-schema.ts");
  const types = [...SERVICES, ...AWS_SERVICES].flatMap((service) => service.resources);
  emit.file("docs/plan.schema.json", `${JSON.stringify(planSchema, null, 1)}\n`);
  emit.file("docs/drift.schema.json", `${JSON.stringify(driftSchema, null, 1)}\n`);
  emit.file("docs/result.schema.json", `${JSON.stringify(resultSchema, null, 1)}\n`);
  emit.file("docs/report.schema.json", `${JSON.stringify(reportSchema, null, 1)}\n`);
  emit.file("docs/policy.schema.json", `${JSON.stringify(policyFileSchema, null, 1)}\n`);
  emit.file("docs/cost.schema.json", `${JSON.stringify(usageFileSchema, null, 1)}\n`);
  emit.file("docs/template.schema.json", `${JSON.stringify(templateSchema(types), null, 1)}\n`);
  return emit.stale;
}
