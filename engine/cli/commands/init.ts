import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { readShippedFile, shippedFolder } from "../../platform/shipped-files.ts";
import { ownPackages, type OwnPackages } from "../apps/own-packages.ts";
import { Failure } from "../failure.ts";
import type { Output } from "../output.ts";
import { shellWord } from "../text/shell-word.ts";

interface Starter {
  readonly summary: string;
  /** What to type next, in the new folder. */
  readonly next: readonly string[];
}

/** The projects that can be started: each a folder of `engine/starters`. */
const STARTERS: Readonly<Record<string, Starter>> = {
  yaml: { summary: "a template: a bucket and queues", next: ["cloudstack deploy cloud.yaml"] },
  typescript: { summary: "an app of constructs in TypeScript", next: ["npm install", "npx cloudstack deploy"] },
  python: { summary: "an app of constructs in Python", next: ["pip install -r requirements.txt", "cloudstack deploy"] },
  terraform: {
    summary: "Terraform with the real AWS provider",
    next: ["cloudstack terraform init", "cloudstack terraform apply"],
  },
  test: { summary: "a template and its tests, with a cloud in the test's process", next: ["npm install", "npm test"] },
};

interface InitRequest {
  readonly template?: string;
  /** Made when it is not there. */
  readonly folder: string;
}

/** Starts a project, or tells which there are. Nothing that is there is written over. */
export function init(output: Output, { template, folder }: InitRequest): void {
  if (template === undefined) return listStarters(output);
  const starter = STARTERS[template];
  if (!starter)
    throw new Failure(`There is no template "${template}".`, [`--template takes ${Object.keys(STARTERS).join(", ")}.`]);
  const target = resolve(folder);
  const packages = ownPackages();
  const files = starterFiles(template, projectName(target), packages);
  const there = [...files.keys()].filter((file) => existsSync(join(target, file)));
  if (there.length > 0)
    throw new Failure(`${folder} has ${there.join(", ")} already. Nothing was written.`, [
      "Name another folder: cloudstack init --template NAME FOLDER",
    ]);
  for (const [file, text] of files) {
    mkdirSync(dirname(join(target, file)), { recursive: true });
    writeFileSync(join(target, file), text);
  }
  const place = relative(process.cwd(), target);
  const first = template === "python" ? packages.beforePython : [];
  const next = [...(place === "" ? [] : [`cd ${shellWord(place)}`]), ...first, ...starter.next];
  output.answer({ template, folder: target, files: [...files.keys()], next }, () =>
    [`started ${template} in ${place || "."}: ${[...files.keys()].join(", ")}`, "Next:", ...indented(next)].join("\n"),
  );
}

const indented = (lines: readonly string[]) => lines.map((line) => `  ${line}`);

function listStarters(output: Output): void {
  const templates = Object.entries(STARTERS).map(([name, { summary, next }]) => ({ name, summary, next }));
  output.answer({ templates }, () =>
    [
      "cloudstack init --template NAME [FOLDER]",
      ...templates.map(({ name, summary }) => `  ${name.padEnd(12)}${summary}`),
    ].join("\n"),
  );
}

/** A name that a stack, a bucket and a package can have: lower-case letters, digits and hyphens, a letter first. */
function projectName(target: string): string {
  const words = basename(target)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^[^a-z]+|-+$/g, "");
  return words === "" ? "project" : words;
}

function starterFiles(template: string, project: string, packages: OwnPackages): ReadonlyMap<string, string> {
  const folder = `starters/${template}`;
  const files = readdirSync(shippedFolder(folder)).map((name): [string, string] => [
    // npm leaves files of this name out of packages.
    name === "gitignore" ? ".gitignore" : name,
    readShippedFile(`${folder}/${name}`)
      .toString("utf8")
      .replaceAll("{{project}}", project)
      .replaceAll("{{engine}}", packages.engine)
      .replaceAll("{{constructs}}", packages.constructs)
      .replaceAll("{{python}}", packages.python),
  ]);
  return new Map(files.sort(([one], [other]) => (one < other ? -1 : 1)));
}
