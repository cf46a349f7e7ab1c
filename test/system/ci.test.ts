import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import { newClone, type Clone } from "../../engine/testing/clone.ts";
import { cloudstack, emptyFolder, PROGRAM, ROOT } from "./kit/cloudstack.ts";
import { pullRequestService, type PullRequests } from "./kit/pull-requests.ts";

const TEMPLATE = `Resources:
  Jobs: { Type: Queue, Properties: { Name: jobs, VisibilityTimeout: 30, Labels: { team: shop } } }
`;

/** A clone in which a branch changes a queue. */
function changedClone(): Clone {
  const clone = newClone();
  onTestFinished(() => clone.remove());
  clone.write("web.yaml", TEMPLATE);
  clone.commit("before");
  // As a checkout in CI has it.
  clone.git("update-ref", "refs/remotes/origin/main", "main");
  clone.git("checkout", "-qb", "feature");
  clone.write("web.yaml", TEMPLATE.replace("30", "60"));
  clone.commit("after");
  return clone;
}

async function service(): Promise<PullRequests> {
  const made = await pullRequestService();
  onTestFinished(() => made.close());
  return made;
}

interface Ran {
  readonly code: number;
  readonly text: string;
}

/** Runs a script as the runners of CI do: bash that stops at the first failure. */
function bash(script: string, cwd: string, env: Record<string, string>): Promise<Ran> {
  const inherited = { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "" };
  return new Promise((resolve) => {
    const options = { cwd, env: { ...inherited, ...env } };
    execFile("bash", ["-eo", "pipefail", "-c", script], options, (problem, out, err) =>
      resolve({ code: problem === null ? 0 : Number(problem.code), text: out + err }),
    );
  });
}

/** A folder with a `cloudstack` of that name, and an `npx` that runs it. */
function programs(folder: string): string {
  const path = join(folder, ".programs");
  mkdirSync(path, { recursive: true });
  const run = `exec "${process.execPath}" "${PROGRAM}" "$@"\n`;
  writeFileSync(join(path, "cloudstack"), `#!/bin/sh\n${run}`, { mode: 0o755 });
  writeFileSync(join(path, "npx"), `#!/bin/sh\nshift\n${run}`, { mode: 0o755 });
  writeFileSync(join(path, "npm"), "#!/bin/sh\n", { mode: 0o755 });
  return path;
}

interface Step {
  readonly id?: string;
  readonly if?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** `name=value` lines, as steps write them to `GITHUB_OUTPUT`. */
const outputsIn = (file: string): Record<string, string> =>
  Object.fromEntries(
    (existsSync(file) ? readFileSync(file, "utf8") : "")
      .split("\n")
      .filter(Boolean)
      .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );

/** Runs the steps of `action.yml` one after the other, with what its expressions stand for filled in. */
async function runAction(clone: Clone, { address }: PullRequests, inputs: Record<string, string>) {
  const action = parse(readFileSync(join(ROOT, "action.yml"), "utf8")) as {
    inputs: Record<string, { default?: string }>;
    runs: { steps: Step[] };
  };
  const defaults = Object.entries(action.inputs).map(([name, { default: value = "" }]) => [name, value]);
  const given: Record<string, string> = { ...Object.fromEntries(defaults), token: "secret", ...inputs };
  const { path: temp, remove } = emptyFolder();
  onTestFinished(remove);
  const files = { GITHUB_OUTPUT: join(temp, "output"), GITHUB_STEP_SUMMARY: join(temp, "summary.md") };
  const event = join(temp, "event.json");
  writeFileSync(event, JSON.stringify({ pull_request: { number: 7 } }));
  const value = (expression: string): string => {
    if (expression.startsWith("inputs.command")) return given["command"] ?? "";
    const [, input] = /^inputs\.([\w-]+)$/.exec(expression) ?? [];
    const [, output] = /^steps\.preview\.outputs\.([\w-]+)$/.exec(expression) ?? [];
    if (input === undefined && output === undefined) throw new Error(`The test does not know \${{ ${expression} }}`);
    return input === undefined ? (outputsIn(files.GITHUB_OUTPUT)[output ?? ""] ?? "") : (given[input] ?? "");
  };
  const filled = (text: string) =>
    text.replaceAll(/\$\{\{ (.*?) \}\}/g, (_all, expression: string) => value(expression));
  const holds = (condition: string) =>
    condition.split(" && ").every((part) => {
      const [, left = "", sign, right] = /^(\S+) (==|!=) '(.*)'$/.exec(part) ?? [];
      return (value(left) === right) === (sign === "==");
    });
  let code = 0;
  let text = "";
  for (const step of action.runs.steps) {
    if (code !== 0 || (step.if !== undefined && !holds(step.if))) continue;
    const env = Object.fromEntries(Object.entries(step.env ?? {}).map(([name, each]) => [name, filled(each)]));
    const ran = await bash(step.run ?? "", clone.root, {
      ...files,
      ...env,
      RUNNER_TEMP: temp,
      GITHUB_ACTIONS: "true",
      GITHUB_ACTION_PATH: ROOT,
      GITHUB_API_URL: address,
      GITHUB_REPOSITORY: "shop/infrastructure",
      GITHUB_EVENT_PATH: event,
      GITHUB_BASE_REF: "main",
      PATH: `${programs(temp)}:${process.env["PATH"]}`,
    });
    code = ran.code;
    text += ran.text;
  }
  const summary = existsSync(files.GITHUB_STEP_SUMMARY) ? readFileSync(files.GITHUB_STEP_SUMMARY, "utf8") : "";
  return { code, text, summary, outputs: outputsIn(files.GITHUB_OUTPUT) };
}

describe("the action for GitHub", () => {
  test("comments once, updates the comment with the next push, and never tells the token", async () => {
    const clone = changedClone();
    const github = await service();
    const inputs = { what: "web.yaml", command: "cloudstack" };
    const first = await runAction(clone, github, inputs);
    expect(first).toMatchObject({ code: 0, outputs: { "exit-code": "0", changes: "true" } });
    expect(first.summary).toContain("## Preview of web.yaml");
    expect(github.comments).toEqual([{ id: 101, body: first.summary }]);
    expect(JSON.parse(readFileSync(first.outputs["sarif"] ?? "", "utf8"))).toMatchObject({ version: "2.1.0" });

    clone.write("web.yaml", TEMPLATE.replace("30", "90"));
    clone.commit("again");
    const second = await runAction(clone, github, inputs);
    expect(github.comments).toEqual([{ id: 101, body: second.summary }]);
    expect(second.summary).toContain("VisibilityTimeout: 90");
    expect(github.requests).toEqual([
      "GET /repos/shop/infrastructure/issues/7/comments",
      "POST /repos/shop/infrastructure/issues/7/comments",
      "GET /repos/shop/infrastructure/issues/7/comments",
      "PATCH /repos/shop/infrastructure/issues/comments/101",
    ]);
    expect([...github.tokens]).toEqual(["Bearer secret"]);
    expect(first.text + second.text).not.toContain("secret");
  });

  test("ends as the preview does, after the comment", async () => {
    const clone = changedClone();
    clone.write("web.yaml", TEMPLATE.replace("VisibilityTimeout", "VisibilityTimeOut"));
    const github = await service();
    const { code, outputs } = await runAction(clone, github, { what: "web.yaml", command: "cloudstack" });
    expect([code, outputs["exit-code"]]).toEqual([1, "1"]);
    expect(github.comments[0]?.body).toContain("CS1203");
  });

  test("takes nothing in its inputs for code", async () => {
    const clone = changedClone();
    const what = "web.yaml; touch $(touch broken) `touch broken`";
    const { code } = await runAction(clone, await service(), { what, command: "cloudstack" });
    expect(code).toBe(1);
    expect(existsSync(join(clone.root, "broken"))).toBe(false);
  });

  test("leaves comments alone when none is wanted", async () => {
    const github = await service();
    const inputs = { what: "web.yaml", command: "cloudstack", comment: "false" };
    expect((await runAction(changedClone(), github, inputs)).code).toBe(0);
    expect(github.requests).toEqual([]);
  });
});

describe("what cloudstack ci init writes", () => {
  const init = (clone: Clone, ...args: string[]) => cloudstack(["ci", "init", ...args], clone.root);

  test("is never written over unasked", async () => {
    const clone = changedClone();
    expect(await init(clone, "web.yaml", "--github", "--gitlab", "--pre-commit")).toMatchObject({ code: 0 });
    const again = await init(clone, "web.yaml", "--gitlab");
    expect(again.code).toBe(1);
    expect(again.err).toContain(".gitlab/preview.yml is there already. Nothing was written.");
    expect((await init(clone, "web.yaml", "--gitlab", "--overwrite")).code).toBe(0);
    expect((await init(clone, "web.yaml")).err).toContain("It is not said what for.");
    expect((await init(clone, "$(id)", "--gitlab")).err).toContain("cannot stand in a CI file as it is.");
  });

  test("is a job of GitLab that keeps one note", async () => {
    const clone = changedClone();
    const gitlab = await service();
    await init(clone, "web.yaml", "--gitlab");
    const { preview } = parse(readFileSync(join(clone.root, ".gitlab/preview.yml"), "utf8")) as {
      preview: { script: string[] };
    };
    const run = () =>
      bash(preview.script.join("\n"), clone.root, {
        GITLAB_CI: "true",
        CI_API_V4_URL: gitlab.address,
        CI_PROJECT_ID: "12",
        CI_MERGE_REQUEST_IID: "3",
        CI_MERGE_REQUEST_DIFF_BASE_SHA: clone.git("rev-parse", "main"),
        GITLAB_TOKEN: "secret",
        PATH: `${programs(clone.root)}:${process.env["PATH"]}`,
      });
    const first = await run();
    expect(first.code).toBe(0);
    clone.write("web.yaml", TEMPLATE.replace("30", "90"));
    expect((await run()).text).not.toContain("secret");
    expect(gitlab.comments).toHaveLength(1);
    expect(gitlab.comments[0]?.body).toContain("VisibilityTimeout: 90");
    expect(gitlab.requests).toEqual([
      "GET /projects/12/merge_requests/3/notes",
      "POST /projects/12/merge_requests/3/notes",
      "GET /projects/12/merge_requests/3/notes",
      "PUT /projects/12/merge_requests/3/notes/101",
    ]);
  });

  test("is a workflow of GitHub whose steps run as they stand", async () => {
    const clone = changedClone();
    await init(clone, "web.yaml", "--github");
    const { jobs } = parse(readFileSync(join(clone.root, ".github/workflows/preview.yml"), "utf8")) as {
      jobs: { preview: { steps: Step[] } };
    };
    const github = await service();
    const event = join(clone.root, "event.json");
    writeFileSync(event, JSON.stringify({ pull_request: { number: 7 } }));
    for (const { run } of jobs.preview.steps.filter((step) => step.run !== undefined)) {
      const ran = await bash(run ?? "", clone.root, {
        GITHUB_ACTIONS: "true",
        GITHUB_API_URL: github.address,
        GITHUB_REPOSITORY: "shop/infrastructure",
        GITHUB_EVENT_PATH: event,
        GITHUB_BASE_REF: "main",
        GITHUB_STEP_SUMMARY: join(clone.root, "summary.md"),
        GITHUB_TOKEN: "secret",
        PATH: `${programs(clone.root)}:${process.env["PATH"]}`,
      });
      expect(ran).toMatchObject({ code: 0 });
    }
    expect(github.comments).toHaveLength(1);
  });
});

describe("the hook of pre-commit", () => {
  test("tells what is wrong with templates, and passes over other files", async () => {
    const clone = changedClone();
    const [hook] = parse(readFileSync(join(ROOT, ".pre-commit-hooks.yaml"), "utf8")) as { entry: string }[];
    const words = (hook?.entry ?? "").split(" ").slice(1);
    clone.write("values.yaml", "just: values\n");
    expect(await cloudstack([...words, "web.yaml", "values.yaml"], clone.root)).toMatchObject({ code: 0, out: "" });
    clone.write("open.yaml", "Resources:\n  Files: { Type: Bucket, Properties: { Nam: files } }\n");
    const { code, err } = await cloudstack([...words, "web.yaml", "open.yaml"], clone.root);
    expect(code).toBe(1);
    expect(err).toContain('unknown property "Nam" of Bucket');
  });
});
