import { readTypeFacts } from "../clouds/aws/cloudformation-facts.ts";
import { AWS_TERRAFORM_TYPES } from "../clouds/aws/terraform-types.ts";
import type { Scope } from "../services/context.ts";
import type { ExportForm } from "../stack/export/exporting.ts";
import type { ExportedStack } from "../stack/export/exported.ts";
import { HCL_FUNCTIONS } from "../stack/export/terraform/hcl.ts";
import { writeTerraform } from "../stack/export/terraform/write-terraform.ts";
import { FN_FUNCTIONS } from "../stack/export/typescript-value.ts";
import { writeCloudFormation } from "../stack/export/write-cloudformation.ts";
import { writeTypeScript } from "../stack/export/write-typescript.ts";
import { writeYaml } from "../stack/export/write-yaml.ts";
import type { ExportLanguage, WrittenExport } from "../stack/export/written-export.ts";
import type { Registry } from "../stack/registry/registry.ts";
import type { Engine } from "./engine.ts";
import { ownTerraformType } from "./own-terraform-type.ts";

interface Language {
  readonly form: ExportForm;
  write(stack: ExportedStack, registry: Registry): WrittenExport;
}

const LANGUAGES: Readonly<Record<ExportLanguage, Language>> = {
  yaml: { form: { inCloudTypes: false, isTemplate: true }, write: writeYaml },
  cloudformation: {
    form: { inCloudTypes: true, isTemplate: true },
    write: (stack) => writeCloudFormation(stack, identifierOf),
  },
  terraform: {
    form: { inCloudTypes: true, isTemplate: false, functions: HCL_FUNCTIONS },
    write: (stack, registry) =>
      writeTerraform(
        stack,
        (type) => terraformTypeOf(type, registry),
        (type) => registry.get(type)?.type.ref ?? "",
      ),
  },
  typescript: {
    form: { inCloudTypes: false, isTemplate: true, functions: FN_FUNCTIONS },
    write: writeTypeScript,
  },
};

/** Writes a stack, as it is, in one of the languages; touches nothing. */
export async function exportTo(
  engine: Engine,
  scope: Scope,
  { stack, to }: { readonly stack: string; readonly to: ExportLanguage },
): Promise<WrittenExport> {
  const { form, write } = LANGUAGES[to];
  return write(await engine.stacks.export({ scope, stack }, form), engine.registry);
}

const identifierOf = (type: string) => (type.startsWith("AWS::") ? readTypeFacts(type).identifier : undefined);

/** Terraform's own provider for AWS where that has the type; ours has every one. */
function terraformTypeOf(type: string, registry: Registry) {
  const registered = registry.get(type);
  return AWS_TERRAFORM_TYPES[type as keyof typeof AWS_TERRAFORM_TYPES] ?? (registered && ownTerraformType(registered));
}
