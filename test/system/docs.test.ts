import { execFile } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { delimiter, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { isMissing } from "./kit/clients.ts";
import { cloudstack, emptyFolder, inheritedVariables, PROGRAM, ROOT } from "./kit/cloudstack.ts";
import { modulesOf } from "./kit/cdk-terrain.ts";
import { linkPackages } from "./kit/linked-project.ts";

interface Page {
  /** The blocks marked `<!-- run -->`, as one script. */
  readonly script: string;
  /** The lines of the blocks marked `<!-- prints -->`. */
  readonly prints: readonly string[];
  /** The blocks marked `<!-- file NAME -->`, by their names. */
  readonly files: ReadonlyMap<string, string>;
}
function blocks(text: string, mark: string): string[] {
  const marked = new RegExp(`<!-- ${mark} -->\n\`\`\`\\w+\n([\\s\\S]*?)\`\`\``, "g");
  return [...text.matchAll(marked)].map((match) => match[1] ?? "");
}

function pageOf(file: string, port: number): Page {
  const text = readFileSync(join(ROOT, file), "utf8")
    .replaceAll("4566", String(port))
    .replaceAll("cloudstack start", `cloudstack start --port ${port}`);
  const prints = blocks(text, "prints").flatMap((block) => block.trim().split("\n"));
  const names = [...text.matchAll(/<!-- file (.+) -->/g)].map(([, name]) => name ?? "");
  const files = new Map(names.map((name) => [name, blocks(text, `file ${name}`).join("")]));
  return { script: blocks(text, "run").join("\n"), prints, files };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const hasTools = !isMissing("bash", "-c", "curl --version && aws --version");
const squeezed = (text: string) => text.replaceAll(/ +/g, " ");

const cdktn = await modulesOf("cdktn", join(ROOT, "examples/upload-intake/cdktn"));
const PAGES = [
  "README.md",
  "docs/templates.md",
  "docs/plans.md",
  "docs/previews.md",
  "docs/formats.md",
  "docs/policies.md",
  "docs/cost.md",
  "docs/deployments.md",
  "docs/aws.md",
  "docs/s3.md",
  "docs/dynamodb.md",
  "docs/native-api.md",
  "docs/apps.md",
  "docs/constructs.md",
  "docs/testing.md",
  "docs/storage.md",
  "docs/forks.md",
  ...(isMissing("terraform", "version") ? [] : ["docs/terraform.md", "docs/terraform-provider.md", "docs/export.md"]),
  ...(isMissing("terraform", "version") || cdktn === undefined ? [] : ["docs/bindings.md"]),
];

test.skipIf(!hasTools).each(PAGES)(
  "%s is true: its commands run in an empty folder and print what it says",
  async (file) => {
    const folder = emptyFolder();
    onTestFinished(() => folder.remove());
    const { script, prints, files } = pageOf(file, await freePort());
    expect(script).not.toBe("");
    // What stands beside a reader's folder: the examples, what npm would install, and the program on the path, also
    // behind `npx`.
    for (const beside of ["templates", "examples"])
      cpSync(join(ROOT, beside), join(folder.path, beside), { recursive: true });
    linkPackages(folder.path);
    const work = join(folder.path, file === "README.md" ? "." : "work");
    const programs = join(folder.path, "programs");
    mkdirSync(work, { recursive: true });
    for (const [name, text] of files) writeFileSync(join(work, name), text);
    mkdirSync(programs);
    for (const [name, line] of [
      ["cloudstack", `exec "${process.execPath}" "${PROGRAM}" "$@"`],
      ["npx", 'exec "$@"'],
      ["npm", `exec ln -s "${cdktn}" node_modules`],
    ] as const) {
      writeFileSync(join(programs, name), `#!/bin/sh\n${line}\n`);
      chmodSync(join(programs, name), 0o755);
    }
    const { AWS_CA_BUNDLE: _bundle, ...inherited } = inheritedVariables();
    const env = {
      ...inherited,
      PATH: [programs, join(folder.path, "node_modules/.bin"), inherited["PATH"]].join(delimiter),
      HOME: folder.path,
      NO_COLOR: "1",
      AWS_PAGER: "",
    };
    onTestFinished(async () => void (await cloudstack(["stop"], work)));
    const done = await new Promise<{ code: unknown; text: string }>((resolve) => {
      execFile("bash", ["-euo", "pipefail", "-c", script], { cwd: work, env }, (problem, out, errors) =>
        resolve({ code: problem === null ? 0 : problem.code, text: out + errors }),
      );
    });
    if (done.code !== 0) throw new Error(`exit code ${String(done.code)}\n${done.text}`);
    for (const line of prints) expect(squeezed(done.text)).toContain(squeezed(line));
  },
);
