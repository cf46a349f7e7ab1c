import { problem, type Problem } from "../diagnostics/diagnostic.ts";
import { didYouMean } from "../diagnostics/suggestion.ts";
import { entryOf, shapeName, type SourceMap, type SourceNode } from "./source-tree.ts";

const LANGUAGE_EXTENSIONS = "AWS::LanguageExtensions";
/** Transforms of the language that rewrite a template by code which runs elsewhere, and why they are refused. */
const LATER: Readonly<Record<string, string>> = {
  "AWS::Serverless-2016-10-31": "the serverless transform (SAM) is not supported yet: it comes with functions",
  "AWS::Include": "AWS::Include is not supported yet: put what it includes into the template",
  "AWS::CodeDeployBlueGreen": "AWS::CodeDeployBlueGreen is not supported",
  "AWS::SecretsManager-2020-07-23": "AWS::SecretsManager-2020-07-23 is not supported yet: it comes with functions",
  "AWS::SecretsManager-2024-09-16": "AWS::SecretsManager-2024-09-16 is not supported yet: it comes with functions",
  "AWS::ServiceCatalog": "AWS::ServiceCatalog is not supported",
};

/**
 * The template's transforms: one or a list. The language extensions are part of the language here, named or not;
 * every other one is refused, since a template that is left as it was would be deployed as something else.
 */
export function checkTransforms(root: SourceMap, problems: Problem[]): void {
  const value = entryOf(root, "Transform")?.value;
  if (!value || (value.kind === "scalar" && value.value === null)) return;
  for (const item of value.kind === "list" ? value.items : [value]) checkTransform(item, problems);
}

function checkTransform(item: SourceNode, problems: Problem[]): void {
  const named = item.kind === "map" ? entryOf(item, "Name")?.value : item;
  if (named?.kind !== "scalar" || typeof named.value !== "string") {
    problems.push(problem("CS1002", `a transform is given by its name, not ${shapeName(item)}`, item.span));
    return;
  }
  const { value: name, span } = named;
  if (name === LANGUAGE_EXTENSIONS) return;
  const reason = LATER[name];
  const meant = didYouMean(name, [LANGUAGE_EXTENSIONS, ...Object.keys(LATER)]);
  problems.push(
    reason !== undefined || meant !== undefined
      ? problem("CS1007", reason ?? `there is no transform "${name}"`, span, reason === undefined ? meant : undefined)
      : problem("CS1007", `the macro "${name}" cannot run: macros come with functions`, span),
  );
}
