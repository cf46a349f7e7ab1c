import { camelName, className, pascalName } from "../registry/construct-names.ts";
import type { PropertySchema } from "../../services/property-schema.ts";
import type { Registry } from "../registry/registry.ts";
import type { ExportedOutput, ExportedParameter, ExportedResource, ExportedStack } from "./exported.ts";
import { namesIn } from "./exporting.ts";
import { freeName } from "./free-name.ts";
import { leftOut } from "./left-out.ts";
import { objectText, typeScriptValue, type Refer } from "./typescript-value.ts";
import type { WrittenExport } from "./written-export.ts";

/** Names that a variable cannot have. */
const OWN = ["app", "aws", "stack", "types"];
const KEYWORDS = ["class", "default", "delete", "export", "function", "import", "in", "new", "package", "this", "void"];
const PSEUDO = /^AWS::(.+)$/;

/** A stack as a program of constructs whose synthesized template says the same. */
export function writeTypeScript(stack: ExportedStack, registry: Registry): WrittenExport {
  const names = variablesOf(stack);
  const refer = referring(stack, names);
  const resources = inOrder(stack.resources);
  const body = [
    `const app = new App();`,
    `const stack = new Stack(app, ${objectOfStack(stack)});`,
    "",
    ...stack.parameters.map((each) => parameterText(each, names)),
    ...resources.flatMap((each) => resourceTexts(each, names, refer, registry)),
    ...resources.flatMap((each) => metadataTexts(each, names, refer)),
    ...stack.outputs.map((each) => outputText(each, names, refer)),
    "",
    "app.synth();",
  ].join("\n");
  const classes = ["App", "Fn", "Output", "Parameter", "Pseudo", "Stack", "aws", "types"];
  const used = classes.filter((each) => new RegExp(`\\b${each}[.(]`).test(body));
  const renamed = stack.resources.some(({ recordedAs }) => recordedAs !== undefined);
  return {
    files: {
      "app.ts": `import { ${used.join(", ")} } from "@cloudstacks/constructs";\n\n${body}\n`,
      "cloudstack.json": `${JSON.stringify({ app: "npx tsx app.ts" }, null, 2)}\n`,
    },
    notes: [
      ...leftOut(stack, "constructs", ["Metadata"]),
      ...(renamed ? ["Nested stacks are written flat: the first plan renames what is in them."] : []),
    ],
  };
}

const objectOfStack = ({ name, description }: ExportedStack) =>
  description === undefined
    ? JSON.stringify(name)
    : `${JSON.stringify(name)}, ${objectText([["description", JSON.stringify(description)]])}`;

/** The variable of each parameter and resource. */
function variablesOf({ parameters, resources }: ExportedStack): ReadonlyMap<string, string> {
  const taken = new Set([...OWN, ...KEYWORDS]);
  const all = [...parameters.map(({ name }) => name), ...resources.map(({ logicalId }) => logicalId)];
  return new Map(
    all.map((name) => {
      const free = freeName(camelName(name) || "it", taken);
      taken.add(free);
      return [name, free];
    }),
  );
}

function referring({ parameters }: ExportedStack, names: ReadonlyMap<string, string>): Refer {
  const lists = new Set(parameters.filter(({ declaration }) => declaration?.type.isList).map(({ name }) => name));
  const all = new Set(parameters.map(({ name }) => name));
  return ({ name, attribute }) => {
    const pseudo = PSEUDO.exec(name)?.[1];
    if (pseudo !== undefined) return `Pseudo.${pseudo.replaceAll(/([a-z])([A-Z])/g, "$1_$2").toUpperCase()}`;
    const variable = names.get(name) ?? "";
    if (all.has(name)) return `${variable}.${lists.has(name) ? "value" : "asString"}`;
    return `${variable}.${attribute === undefined ? "ref" : `attr${pascalName(attribute)}`}`;
  };
}

/** What is referred to comes first. */
function inOrder(resources: readonly ExportedResource[]): readonly ExportedResource[] {
  const byId = new Map(resources.map((each) => [each.logicalId, each]));
  const done = new Set<ExportedResource>();
  const add = (resource: ExportedResource | undefined) => {
    if (!resource || done.has(resource)) return;
    for (const name of [...namesIn(resource.properties), ...resource.dependsOn]) add(byId.get(name));
    done.add(resource);
  };
  for (const resource of resources) add(resource);
  return [...done];
}

/** Nothing for what is not there. */
const json = (value: unknown): string | undefined => (value === undefined ? undefined : JSON.stringify(value));

function parameterText({ name, declaration, isSecret, text }: ExportedParameter, names: ReadonlyMap<string, string>) {
  const props = objectText([
    ["type", json(declaration?.type.name ?? "String")],
    ["default", json(text)],
    ["noEcho", isSecret ? "true" : undefined],
    ["description", json(declaration?.description)],
    ["allowedValues", json(declaration?.allowedValues)],
    ["allowedPattern", json(declaration?.allowedPattern)],
    ["constraintDescription", json(declaration?.constraintDescription)],
    ["minLength", json(declaration?.minLength)],
    ["maxLength", json(declaration?.maxLength)],
    ["minValue", json(declaration?.minValue)],
    ["maxValue", json(declaration?.maxValue)],
  ]);
  return `const ${names.get(name)} = new Parameter(stack, ${JSON.stringify(name)}, ${props});`;
}

function resourceTexts(
  { logicalId, recordedAs, type, properties, dependsOn, deletionPolicy, updateReplacePolicy }: ExportedResource,
  names: ReadonlyMap<string, string>,
  refer: Refer,
  registry: Registry,
): string[] {
  const variable = names.get(logicalId);
  const schema = registry.get(type)?.type.properties as PropertySchema | undefined;
  const props = typeScriptValue(properties, refer, schema);
  const given = properties.entries.length === 0 ? "" : `, ${props}`;
  const home = type.startsWith("AWS::") ? "aws" : "types";
  return [
    `const ${variable} = new ${home}.${className(type)}(stack, ${JSON.stringify(logicalId)}${given});`,
    ...(recordedAs === undefined ? [] : [`${variable}.movedFrom(${json(recordedAs)});`]),
    ...dependsOn.map((id) => `${variable}.addDependency(${names.get(id)});`),
    ...(deletionPolicy === "Delete" ? [] : [`${variable}.deletionPolicy = ${JSON.stringify(deletionPolicy)};`]),
    ...(updateReplacePolicy === "Delete"
      ? []
      : [`${variable}.updateReplacePolicy = ${JSON.stringify(updateReplacePolicy)};`]),
  ];
}

/** What it refers to may be declared after the resource. */
function metadataTexts({ logicalId, extras }: ExportedResource, names: ReadonlyMap<string, string>, refer: Refer) {
  const metadata = extras.find(({ key }) => key === "Metadata")?.value;
  if (metadata?.kind !== "object") return [];
  return metadata.entries.map(
    ({ key, value }) => `${names.get(logicalId)}.addMetadata(${json(key)}, ${typeScriptValue(value, refer)});`,
  );
}

/** An output may have the name of a resource, which among constructs only one can have. */
function outputText(
  { name, value, description, exportName }: ExportedOutput,
  names: ReadonlyMap<string, string>,
  refer: Refer,
): string {
  const props = objectText([
    ["value", typeScriptValue(value, refer)],
    ["description", json(description)],
    ["exportName", exportName && typeScriptValue(exportName, refer)],
  ]);
  if (!names.has(name)) return `new Output(stack, ${json(name)}, ${props});`;
  const id = freeName(`${name}Output`, new Set(names.keys()));
  return `new Output(stack, ${json(id)}, ${props}).overrideLogicalId(${json(name)});`;
}
