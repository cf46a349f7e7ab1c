import { NESTED_REFUSED, STACK_NAMING } from "../../stack/template/nested.ts";
import type { Output } from "../output.ts";

/** The manual of types that nest a template, which are part of the language. False when `subject` is none of them. */
export function explainNested(output: Output, subject: string): boolean {
  const naming = STACK_NAMING[subject];
  if (naming === undefined) return false;
  const summary = "A template within a template: its resources are planned, applied and rolled back with this stack's.";
  const properties = [
    { name: naming, notes: "A path beside this template, or the URL of an object in a bucket of this engine." },
    { name: "Parameters", notes: "What the nested template's parameters are given." },
    { name: "Tags", notes: "A list of Key and Value, for each of its resources that takes tags." },
  ];
  const refused = [...NESTED_REFUSED];
  const answer = { name: subject, summary, properties, attributes: ["Outputs.<name>"], refused };
  output.answer(answer, () =>
    [
      `${output.colors.bold(subject)}  ${summary}`,
      "  Fn::GetAtt: Outputs.<name>; its resources are called <this>/<theirs>",
      "",
      output.colors.bold("properties"),
      ...properties.map(({ name, notes }) => `  ${name.padEnd(11)}  ${notes}`),
      "",
      output.colors.bold("refused by name, not done yet"),
      `  ${refused.join(", ")}`,
      "",
      `${output.colors.bold("example")}  a stack in a stack`,
      "  Resources:",
      "    Network:",
      `      Type: ${subject}`,
      `      Properties: {${naming}: network.yaml, Parameters: {Range: 10.0.0.0/16}}`,
    ].join("\n"),
  );
  return true;
}
