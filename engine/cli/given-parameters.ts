import { parse } from "yaml";
import type { Source } from "../stack/diagnostics/source.ts";
import { parseTemplate } from "../stack/template/read-template.ts";
import { Failure } from "./failure.ts";
import { readGivenFile } from "./given-file.ts";

type Values = Readonly<Record<string, string>>;

/** Where parameters come from; a later source wins over an earlier one, and all over the template's defaults. */
export interface ParameterSources {
  /** `--env-file`, as often as wanted. */
  readonly envFile?: readonly string[];
  /** `--parameters`, as often as wanted. */
  readonly parameters?: readonly string[];
  /** `--parameter NAME=VALUE`. */
  readonly parameter: Values;
}

/**
 * The parameters for a template. An environment file serves many stacks: what the template does not declare is left
 * out. A parameter file belongs to its template: a name that is not declared is refused with it.
 */
export function givenParameters(sources: ParameterSources, source: Source): Values {
  const { envFile = [], parameters = [], parameter } = sources;
  const environment: Record<string, string> = Object.assign({}, ...envFile.map(readEnvFile));
  const declared = envFile.length > 0 ? parseTemplate(source).parameters : new Map<string, unknown>();
  const known = Object.entries(environment).filter(([name]) => declared.has(name));
  return Object.assign(Object.fromEntries(known), ...parameters.map(readParameterFile), parameter) as Values;
}

const LINE = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_.-]*)\s*=\s*(.*?)\s*$/;

/** `NAME=VALUE` lines; `#` begins a comment, quotes are taken off, in double quotes `\n` is a new line. */
export function readEnvFile(file: string): Values {
  const values: Record<string, string> = {};
  for (const [index, line] of readGivenFile(file, "--env-file takes the path of a file.").split(/\r?\n/).entries()) {
    if (/^\s*(#|$)/.test(line)) continue;
    const [, name, written] = LINE.exec(line) ?? [];
    if (name === undefined || written === undefined)
      throw new Failure(`${file}:${index + 1} is not NAME=VALUE.`, ["A line that begins with # is a comment."]);
    values[name] = unquoted(written);
  }
  return values;
}

function unquoted(text: string): string {
  const [, double] = /^"((?:[^"\\]|\\.)*)"\s*(?:#.*)?$/.exec(text) ?? [];
  if (double !== undefined) return double.replace(/\\(.)/g, (_all, letter: string) => (letter === "n" ? "\n" : letter));
  const [, single] = /^'([^']*)'\s*(?:#.*)?$/.exec(text) ?? [];
  return single ?? text.replace(/\s+#.*$/, "");
}

const FORMS = [
  'a map: {"Name": "value"}',
  'or CloudFormation\'s list: [{"ParameterKey": "Name", "ParameterValue": "value"}], in JSON or YAML.',
];

/** A map by name, the same below `Parameters`, or CloudFormation's list; JSON or YAML. */
export function readParameterFile(file: string): Values {
  const text = readGivenFile(file, "--parameters takes the path of a file.");
  const refuse = (why: string): never => {
    throw new Failure(`${file} does not hold parameters: ${why}.`, [`--parameters takes ${FORMS[0]}`, FORMS[1] ?? ""]);
  };
  let content: unknown;
  try {
    // Numbers stay as they are written: a parameter is a text.
    content = parse(text, { schema: "failsafe", logLevel: "silent" });
  } catch (problem) {
    return refuse((problem as Error).message.split("\n")[0] ?? "");
  }
  const values = isMap(content) && isObject(content["Parameters"]) ? content["Parameters"] : content;
  if (Array.isArray(values)) return Object.fromEntries(values.map((row) => entryOf(row, refuse)));
  if (!isMap(values)) return refuse("it is neither a map nor a list");
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, textOf(name, value, refuse)]));
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
const isMap = (value: unknown): value is Record<string, unknown> => isObject(value) && !Array.isArray(value);

function entryOf(row: unknown, refuse: (why: string) => never): readonly [string, string] {
  if (!isMap(row) || typeof row["ParameterKey"] !== "string") return refuse("an entry has no ParameterKey");
  const name = row["ParameterKey"];
  if (row["UsePreviousValue"] !== undefined) return refuse(`${name} asks for its previous value; give it a value`);
  return [name, textOf(name, row["ParameterValue"], refuse)];
}

/** A list is written with commas, as the language has it. */
function textOf(name: string, value: unknown, refuse: (why: string) => never): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.every((each) => typeof each === "string")) return value.join(",");
  return refuse(`${name} is neither a text nor a list of texts`);
}
