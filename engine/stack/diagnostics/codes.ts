interface CodeRow {
  readonly severity: "error" | "warning";
  readonly title: string;
}
const error = (title: string): CodeRow => ({ severity: "error", title });
const warning = (title: string): CodeRow => ({ severity: "warning", title });

/**
 * Every diagnostic the stack engine can give. A code keeps its meaning for ever; its page stands in
 * `docs/diagnostics/`.
 */
export const CODES = {
  CS1001: error("The text is not YAML or JSON"),
  CS1002: error("A part of the template has the wrong shape"),
  CS1003: error("The template has a section that does not exist"),
  CS1004: error("A name is given twice"),
  CS1005: error("The template uses a part of the language that is not supported yet"),
  CS1006: error("The template is too large"),
  CS1007: error("The transform does not exist or cannot run"),
  CS1101: error("The function does not exist"),
  CS1102: error("A function is given the wrong arguments"),
  CS1103: error("A reference names nothing"),
  CS1104: error("The resource type has no such attribute"),
  CS1105: error("The condition does not exist"),
  CS1106: error("The mapping has no such key"),
  CS1107: error("No stack exports this name"),
  CS1108: error("A value is outside of what the function can take"),
  CS1109: error("The function is not supported yet"),
  CS1110: error("Resources depend on each other in a circle"),
  CS1111: error("A condition may only use parameters and mappings"),
  CS1112: error("Dynamic references are not supported yet"),
  CS1113: error("A resource that a condition leaves out is referred to"),
  CS1114: error("A loop is written wrongly"),
  CS1115: warning("A loop is not checked, because it goes over a parameter without a value"),
  CS1116: error("The other stack or its output does not exist"),
  CS1201: error("The resource type does not exist"),
  CS1202: error("A required property is missing"),
  CS1203: error("The property does not exist"),
  CS1204: error("A value has the wrong type"),
  CS1205: error("A value is not one of the allowed ones"),
  CS1206: error("A value does not match its pattern"),
  CS1207: error("A value is out of range"),
  CS1208: error("The policy is not supported for this resource"),
  CS1209: error("A resource has no type"),
  CS1210: error("A value is refused by the service"),
  CS1211: error("CloudFormation has the property, and CloudStacks does not act on it yet"),
  CS1212: warning("A policy has no effect on this resource"),
  CS1213: error("A resource would wait for signals that nothing receives"),
  CS1301: error("A parameter has no value"),
  CS1302: error("A parameter's value does not fit its type"),
  CS1303: error("A parameter's value is outside its constraints"),
  CS1304: error("The template has no such parameter"),
  CS1305: error("A parameter is declared wrongly"),
  CS1306: error("A rule does not hold"),
  CS1307: error("A rule is declared wrongly"),
  CS1308: error("A parameter names something that does not exist"),
  CS1309: error("A parameter's stored value cannot be looked up"),
  CS2001: error("A replacement would need the name that the old resource still has"),
  CS2002: error("An export is in use by another stack"),
  CS2003: error("Another stack exports this name"),
  CS2004: error("The target is not in the template or the stack"),
  CS2005: error("The saved plan is out of date"),
  CS2006: error("The saved plan is damaged"),
  CS2007: warning("A resource that is deleted and made anew was probably renamed"),
  CS2008: error("A saved plan's NoEcho parameter is missing or another one"),
  CS2009: error("A resource that is declared cannot be let go"),
  CS2010: error("A resource cannot take the name of another"),
  CS2011: error("A resource cannot be imported"),
  CS3001: error("Another deployment of this stack is under way"),
  CS3002: error("A deployment of this stack was interrupted"),
  CS3003: error("The stack does not exist"),
  CS3004: error("The stack's name is not valid"),
  CS3005: error("A stack that has been deployed is not deleted on failure"),
  CS3006: error("The rollback of an earlier deployment is not finished"),
  CS3007: error("There is no such version to go back to"),
  CS3008: error("There is nothing to roll back"),
} as const satisfies Record<`CS${number}`, CodeRow>;

export type DiagnosticCode = keyof typeof CODES;
