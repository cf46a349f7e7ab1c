import { composeEngine } from "../../compose.ts";
import { PREFIX, PROVIDER_SOURCE } from "../../gateway/terraform-provider/names.ts";
import { providerSchemaJson } from "../../gateway/terraform-provider/provider.ts";
import { memoryBlobStore } from "../../kernel/memory-blobs.ts";
import { memoryStore } from "../../kernel/memory.ts";
import { VERSION } from "../../platform/version.ts";
import { loadGenerator, type BindingTool } from "../bindings/generators.ts";
import type { Output } from "../output.ts";

/** As commander gives them. */
export interface BindingsOptions {
  readonly for: BindingTool;
  readonly out: string;
}

/**
 * Writes the classes of a tool for our provider, from the schema alone: no Terraform runs and no engine is asked.
 * Errors: `Failure` when the tool's packages are not in the working folder's project
 */
export async function bindings(output: Output, { for: tool, out }: BindingsOptions): Promise<void> {
  // The generators ask a server for their latest release, which nobody waits for here.
  process.env.CHECKPOINT_DISABLE = "1";
  const { CodeMaker, TerraformProviderGenerator, TerraformProviderConstraint, ...commons } = loadGenerator(
    tool,
    process.cwd(),
  );
  const code = new CodeMaker();
  const schema = { ...(await schemaOfThisVersion()), provider_versions: { [PROVIDER_SOURCE]: VERSION } };
  const source = PROVIDER_SOURCE.split("/").slice(-2).join("/");
  const constraint = new TerraformProviderConstraint({ name: PREFIX, source, version: `~> ${VERSION}` });
  const target = commons.ConstructsMakerTarget.from(constraint, commons.Language.TYPESCRIPT);
  new TerraformProviderGenerator(code, schema).generate(target);
  await code.save(out);
  const folder = `${out}/providers/${PREFIX}`;
  output.answer({ tool, folder }, () =>
    [`wrote ${folder}`, `import { Bucket } from "./${folder.replace(/^[.][/]/, "")}/bucket/index.js";`].join("\n"),
  );
}

async function schemaOfThisVersion(): Promise<object> {
  const engine = composeEngine({ store: memoryStore(), blobs: memoryBlobStore() });
  try {
    return providerSchemaJson(engine);
  } finally {
    await engine.close();
  }
}
