import { stringify } from "yaml";
import { describeType, type PropertyDescription, type TypeDescription } from "../../services/describe-type.ts";
import { didYouMean } from "../../stack/diagnostics/suggestion.ts";
import { exampleTemplate } from "../../stack/registry/example-template.ts";
import { Failure } from "../failure.ts";
import type { Output } from "../output.ts";
import { propertyRows, replacementText } from "../text/type-properties.ts";
import { alignColumns } from "../text/table.ts";
import { allTypes } from "./types.ts";

interface ShownExample {
  readonly title: string;
  readonly template: object;
}

/**
 * A resource type, or with `TYPE.Property` what stands below one of its properties.
 * Shape: false when there is no such type
 */
export function explainType(output: Output, subject: string): boolean {
  const registry = allTypes();
  const [name = "", ...path] = subject.split(".");
  const type = registry.get(name)?.type;
  if (!type) return false;
  const described = describeType(type);
  if (path.length > 0) {
    explainProperty(output, described, path.join("."));
    return true;
  }
  const examples: ShownExample[] = described.examples.map(({ title, properties }) => ({
    title,
    template: exampleTemplate(registry, type, properties as object),
  }));
  output.answer({ ...described, examples }, () => typeText(output, described, registry.twinsOf(name), examples));
  return true;
}

function typeText(
  output: Output,
  type: TypeDescription,
  twins: readonly string[],
  examples: readonly ShownExample[],
): string {
  const { bold, dim } = output.colors;
  const shown = type.properties.filter(({ path, isRefused }) => !path.includes(".") && !isRefused);
  const refused = type.properties.filter(({ isRefused }) => isRefused).map(({ path }) => path);
  const also = type.twinOf === undefined ? twins : [type.twinOf];
  const deeper = type.properties.find(({ path }) => path.includes("."))?.path.split(".")[0];
  return [
    `${bold(type.name)}  ${type.summary}`,
    ...(also.length > 0 ? [`  the same record as ${also.join(", ")}`] : []),
    `  Ref gives ${type.ref}; Fn::GetAtt: ${type.attributes.map((each) => each.name).join(", ")}`,
    ...(shown.length > 0 ? ["", bold("properties"), ...propertyRows(output, shown, "")] : []),
    ...(deeper === undefined ? [] : [dim(`  below one of them: cloudstack explain ${type.name}.${deeper}`)]),
    ...(refused.length > 0 ? ["", bold("refused by name, not done yet"), `  ${refused.join(", ")}`] : []),
    ...examples.flatMap(({ title, template }) => [
      "",
      `${bold("example")}  ${title}`,
      ...stringify(template).trimEnd().split("\n").map((line) => `  ${line}`),
    ]),
  ].join("\n");
}

/** As a person writes it: lists and maps are passed through unsaid. */
const bare = (each: PropertyDescription) => each.path.replaceAll(".*", "");

function explainProperty(output: Output, type: TypeDescription, path: string): void {
  const found = type.properties.find((each) => bare(each) === path || each.path === path);
  if (!found) {
    const meant = didYouMean(path, type.properties.map(bare));
    const cure = meant ?? `cloudstack explain ${type.name} lists them.`;
    throw new Failure(`${type.name} has no property "${path}".`, [cure]);
  }
  const below = type.properties.filter((each) => each.path.startsWith(`${found.path}.`));
  const { bold } = output.colors;
  const facts = [
    ["what it is", found.description ?? ""],
    ["values", found.allowed?.map(String).join(", ") ?? found.limits.join(", ")],
    ["default", found.default === undefined ? "" : JSON.stringify(found.default)],
    ["a change", replacementText(found)],
  ].filter(([, text]) => text !== "");
  output.answer({ ...found, below }, () =>
    [
      `${bold(`${type.name}.${path}`)}  ${found.type}${found.isRequired ? ", required" : ""}`,
      ...alignColumns(facts, "  "),
      ...(below.length > 0 ? ["", bold("below it"), ...propertyRows(output, below, `${found.path}.`)] : []),
    ].join("\n"),
  );
}
