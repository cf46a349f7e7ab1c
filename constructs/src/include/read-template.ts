import { readFileSync } from "node:fs";
import { parseDocument, type CollectionTag, type ScalarTag } from "yaml";

/** A template as it stands in a file: sections by name, the short tags of YAML written out. */
export type IncludedSections = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const FUNCTIONS = [
  "And", "Base64", "Cidr", "Contains", "EachMemberEquals", "EachMemberIn", "Equals", "FindInMap", "GetAtt", "GetAZs",
  "GetStackOutput", "If", "ImportValue", "Join", "Length", "Not", "Or", "RefAll", "Select", "Split", "Sub",
  "ToJsonString", "Transform", "ValueOf", "ValueOfAll",
];
/** Tags of functions that have no `Fn::` in front. */
const BARE = new Set(["Ref", "Condition"]);

const called = (name: string, argument: unknown) => ({ [BARE.has(name) ? name : `Fn::${name}`]: argument });

/** `!GetAtt Queue.Arn` is `[Queue, Arn]`. */
function scalarArgument(name: string, text: string): unknown {
  const [, resource, attribute] = (name === "GetAtt" && /^([^.]+)[.](.+)$/s.exec(text)) || [];
  return resource === undefined ? text : [resource, attribute];
}

interface PlainNode {
  toJSON(): unknown;
}

const TAGS = [...FUNCTIONS, ...BARE].flatMap((name): (ScalarTag | CollectionTag)[] => [
  { tag: `!${name}`, resolve: (text) => called(name, scalarArgument(name, text)) },
  { tag: `!${name}`, collection: "seq", resolve: (list) => called(name, (list as PlainNode).toJSON()) },
  { tag: `!${name}`, collection: "map", resolve: (map) => called(name, (map as PlainNode).toJSON()) },
]);

/** Errors: what cannot be read, with its line, and what is not a map of sections. */
export function readTemplateFile(file: string): IncludedSections {
  const document = parseDocument(readFileSync(file, "utf8"), { version: "1.2", customTags: TAGS, merge: true });
  const [problem] = document.errors;
  if (problem) throw new Error(`${file} cannot be read: ${problem.message}`, { cause: problem });
  const value: unknown = document.toJS();
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Error(`${file} is not a template: a map of sections`);
  return withoutBootstrap(value as IncludedSections);
}

/** The CDK's question whether the account was prepared for it, which is not: assets are uploaded without. */
function withoutBootstrap(sections: IncludedSections): IncludedSections {
  const { CheckBootstrapVersion: check, ...rules } = sections["Rules"] ?? {};
  if (check === undefined) return sections;
  const { BootstrapVersion: _version, ...parameters } = sections["Parameters"] ?? {};
  return { ...sections, Rules: rules, Parameters: parameters };
}
