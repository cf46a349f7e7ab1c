import { readTypeFacts } from "../clouds/aws/cloudformation-facts.ts";
import type { Scope } from "../services/context.ts";
import type { ExportForm } from "../stack/export/exporting.ts";
import type { ExportedStack } from "../stack/export/exported.ts";
import { writeCloudFormation } from "../stack/export/write-cloudformation.ts";
import { writeYaml } from "../stack/export/write-yaml.ts";
import type { ExportLanguage, WrittenExport } from "../stack/export/written-export.ts";
import type { Engine } from "./engine.ts";

interface Language {
  readonly form: ExportForm;
  write(stack: ExportedStack): WrittenExport;
}

const LANGUAGES: Readonly<Record<ExportLanguage, Language>> = {
  yaml: { form: { inCloudTypes: false, isTemplate: true }, write: writeYaml },
  cloudformation: {
    form: { inCloudTypes: true, isTemplate: true },
    write: (stack) => writeCloudFormation(stack, identifierOf),
  },
};

/** Writes a stack, as it is, in one of the languages; touches nothing. */
export async function exportTo(
  engine: Engine,
  scope: Scope,
  { stack, to }: { readonly stack: string; readonly to: ExportLanguage },
): Promise<WrittenExport> {
  const { form, write } = LANGUAGES[to];
  return write(await engine.stacks.export({ scope, stack }, form));
}

const identifierOf = (type: string) => (type.startsWith("AWS::") ? readTypeFacts(type).identifier : undefined);
