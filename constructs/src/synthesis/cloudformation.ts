import type { Template } from "./templates.ts";

const OWN_SECTIONS = ["Moved", "Import"];
const FORMAT_VERSION = "2010-09-09";
const ITS_TYPES = /^(AWS|Alexa|Custom)::|^[A-Za-z0-9]+::[A-Za-z0-9]+::[A-Za-z0-9]+/;

/** A template as CloudFormation takes it. Errors: resource types and sections that it does not have. */
export function cloudFormationTemplate(template: Template): Template {
  const resources = (template["Resources"] ?? {}) as Readonly<Record<string, { readonly Type?: string }>>;
  const foreign = Object.entries(resources).filter(([, { Type: type }]) => type !== undefined && !ITS_TYPES.test(type));
  if (foreign.length > 0) {
    const named = foreign.map(([logicalId, { Type: type }]) => `${logicalId} (${String(type)})`);
    throw new Error(`CloudFormation does not have the types of ${named.join(", ")}`);
  }
  const own = OWN_SECTIONS.find((section) => template[section] !== undefined);
  if (own !== undefined) throw new Error(`CloudFormation does not have the section ${own}`);
  return { AWSTemplateFormatVersion: FORMAT_VERSION, ...template };
}
