import type { ExportedResource, ExportedStack } from "./exported.ts";
import { errors } from "./errors.ts";
import { templateText } from "./template-text.ts";
import type { WrittenExport } from "./written-export.ts";

/** The properties and attributes that identify a resource of a type of the cloud; undefined for other types. */
export type IdentifierOf = (type: string) => readonly string[] | undefined;

/**
 * A stack as a template of CloudFormation, with the list that an import takes: every resource is kept when its stack
 * goes, as an import wants it.
 * Errors: `NotExportable`
 */
export function writeCloudFormation(stack: ExportedStack, identifierOf: IdentifierOf): WrittenExport {
  const reasons = stack.resources
    .filter(({ type }) => identifierOf(type) === undefined)
    .map(({ logicalId, type }) => `${logicalId} is a ${type}, which CloudFormation does not have.`);
  if (reasons.length > 0) throw errors.NotExportable({ stack: stack.name, language: "CloudFormation", reasons });
  const file = `${stack.name}.template.yaml`;
  const list = `${stack.name}.import.json`;
  const text = templateText(stack, {
    comment: [`The stack ${stack.name} as it is, to be imported.`],
    sections: [],
    policies: () => ({ deletionPolicy: "Retain", updateReplacePolicy: "Retain" }),
  });
  const imports = stack.resources.map((each) => imported(each, identifierOf(each.type) ?? []));
  const command = [
    `aws cloudformation create-change-set --stack-name ${stack.name} --change-set-name import`,
    `--change-set-type IMPORT --template-body file://${file} --resources-to-import file://${list}`,
  ];
  return {
    files: { [file]: text, [list]: `${JSON.stringify(imports, null, 2)}\n` },
    notes: [`Import it: ${command.join(" ")}`],
  };
}

const imported = ({ logicalId, type, attributes, live }: ExportedResource, identifier: readonly string[]) => ({
  ResourceType: type,
  LogicalResourceId: logicalId,
  ResourceIdentifier: Object.fromEntries(identifier.map((name) => [name, String(attributes[name] ?? live[name])])),
});
