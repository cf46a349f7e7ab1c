import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { RULE_NAME } from "../../stack/policy/assertion.ts";
import { FINDING_SEVERITIES, type FindingSeverity } from "../../stack/policy/finding.ts";
import type { Rule } from "../../stack/policy/rule.ts";
import { Failure } from "../failure.ts";

const MODULE = /\.[cm]?[jt]s$/;
const TYPESCRIPT = /\.[cm]?ts$/;

export const isRuleModule = (file: string): boolean => MODULE.test(file);

const EXAMPLE = 'export default [{ name: "keep", check: ({ action }) => action === "delete" ? "no!" : [] }]';

/** The rules that a module exports by default. Errors: `Failure` when it cannot be loaded or exports something else */
export async function loadRules(directory: string, file: string): Promise<readonly Rule[]> {
  const path = resolve(directory, file);
  if (!existsSync(path)) throw new Failure(`There is no file ${file}.`, ["--policy takes the path of a file."]);
  const rows: unknown[] = [defaultOf(await imported(path, file)) ?? []].flat();
  if (rows.length === 0) throw new Failure(`${file} exports no rules.`, [`Write for example: ${EXAMPLE}`]);
  return rows.map((row) => checkedRule(row, file));
}

/** What is compiled to CommonJS on the way has its default export within another one. */
function defaultOf(exported: object): unknown {
  const { default: own } = exported as { readonly default?: unknown };
  return typeof own === "object" && own !== null && "__esModule" in own ? defaultOf(own) : own;
}

async function imported(path: string, file: string): Promise<object> {
  const url = pathToFileURL(path).href;
  try {
    if (!TYPESCRIPT.test(path) || readsTypeScript()) return (await import(url)) as object;
    return await (await typeScriptLoader(path, file))(url, pathToFileURL(path).href);
  } catch (problem) {
    if (problem instanceof Failure) throw problem;
    throw new Failure(`${file} cannot be loaded: ${(problem as Error).message}`, [], problem);
  }
}

const readsTypeScript = () => Boolean((process.features as { readonly typescript?: unknown }).typescript);

type Load = (url: string, parent: string) => Promise<object>;

interface TsxPackage {
  readonly exports: { readonly "./esm/api": { readonly import: { readonly default: string } } };
}

/** A Node that does not read TypeScript by itself does with the tsx that the module's own project has. */
async function typeScriptLoader(path: string, file: string): Promise<Load> {
  try {
    const found = createRequire(path).resolve("tsx/package.json");
    const { exports } = JSON.parse(readFileSync(found, "utf8")) as TsxPackage;
    // The way that `require` is led to it cannot load modules.
    const api = join(dirname(found), exports["./esm/api"].import.default);
    const { tsImport } = (await import(pathToFileURL(api).href)) as { readonly tsImport: Load };
    return tsImport;
  } catch (problem) {
    throw new Failure(
      `${file} is TypeScript, which this Node (${process.versions.node}) does not read.`,
      ["Install tsx beside it (npm install --save-dev tsx), use Node 22.18 or newer, or write JavaScript."],
      problem,
    );
  }
}

function checkedRule(row: unknown, file: string): Rule {
  const refuse = (why: string): never => {
    throw new Failure(`${file}: ${why}.`, [`Write for example: ${EXAMPLE}`]);
  };
  if (typeof row !== "object" || row === null) return refuse("a rule is an object with name and check");
  const { name, severity = "error", summary, check } = row as Partial<Record<keyof Rule, unknown>>;
  if (typeof name !== "string" || !new RegExp(RULE_NAME, "u").test(name))
    return refuse(`a rule's name is in small letters, digits and hyphens, not ${JSON.stringify(name)}`);
  if (typeof check !== "function") return refuse(`the rule ${name} has no function "check"`);
  if (!FINDING_SEVERITIES.includes(severity as FindingSeverity))
    return refuse(`the severity of ${name} is one of ${FINDING_SEVERITIES.join(", ")}, not ${String(severity)}`);
  return {
    name,
    severity: severity as FindingSeverity,
    summary: typeof summary === "string" ? summary : `The rule ${name} of ${file}.`,
    check: (resource, all) => (check as Rule["check"]).call(row, resource, all),
  };
}
