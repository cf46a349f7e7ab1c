import type { ExportedStack } from "./exported.ts";
import type { WrittenExport } from "./written-export.ts";
import { templateText } from "./template-text.ts";

/**
 * A stack as a template of our own. Its plan for the same stack is empty; for another one it takes over resources that
 * belong to none.
 */
export function writeYaml(stack: ExportedStack): WrittenExport {
  const renamed = stack.resources.flatMap(({ logicalId, recordedAs }) =>
    recordedAs === undefined ? [] : [{ From: recordedAs, To: logicalId }],
  );
  const imports = Object.fromEntries(stack.resources.map(({ logicalId, id }) => [logicalId, id]));
  const text = templateText(stack, {
    comment: [
      `The stack ${stack.name} as it is.`,
      `  cloudstack plan ${stack.name}.yaml`,
      "Import names what is there already, for a stack that does not have it yet.",
    ],
    sections: [
      ...(stack.resources.length > 0 ? ([["Import", imports]] as const) : []),
      ...(renamed.length > 0 ? ([["Moved", renamed]] as const) : []),
    ],
    policies: (resource) => resource,
  });
  return { files: { [`${stack.name}.yaml`]: text }, notes: [] };
}
