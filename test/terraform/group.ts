import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startCloud } from "../../engine/testing/cloud.ts";
import {
  environmentOf,
  newTerraformFolder,
  startProvider,
  type TerraformFolder,
} from "../system/kit/terraform-folder.ts";
import { completedIn, eventsIn, failuresIn, type PlannedChange, type Shown, type Standing } from "./events.ts";
import { importIdOf, NEVER_READ } from "./imports.ts";

/** What every resource is taken through, in this order. */
export const STEPS = [
  "apply",
  "empty plan",
  "update",
  "empty plan after update",
  "import",
  "empty plan after import",
  "destroy",
] as const;
export type Step = (typeof STEPS)[number];

/** The outcome of an update of a resource that a template declares the same in both stages. */
export const NOTHING_TO_UPDATE = "nothing to update";

/** By step: "ok", "replaced" (an update that makes a new one), "none" (there is no such step), or what failed. */
export type Result = Partial<Record<Step, string>>;

/** Takes the resources of one root module through all steps, on an engine of their own; results by address. */
export async function runGroup(resources: string): Promise<ReadonlyMap<string, Result>> {
  const cloud = await startCloud();
  const environment = { ...environmentOf(cloud.endpoint), HTTP_PROXY: cloud.endpoint };
  const folder = newTerraformFolder(environment, resources);
  // A shared provider has one region.
  const provider = /^\s*alias\s*=/m.test(resources) ? undefined : await startProvider(environment);
  try {
    await folder.terraform(["init", "-input=false"], provider?.variables);
    const group = new Group(folder, provider?.variables ?? {});
    const problem = await group.run().then(
      () => "not reached",
      (failure: unknown) => String(failure),
    );
    // What Terraform never spoke of still has its row.
    const spokenOf = new Set([...group.results.keys()].map((address) => address.replace(/\[.*\]$/, "")));
    for (const address of declaredIn(resources)) {
      if (!spokenOf.has(address)) group.note(address, "apply", problem);
    }
    return group.results;
  } finally {
    await provider?.stop();
    folder.remove();
    await cloud.stop();
  }
}

/** `aws_sqs_queue.orders`, `data.aws_sqs_queue.orders`. */
export const declaredIn = (resources: string): string[] =>
  [...resources.matchAll(/^(resource|data) "(\w+)" "(\w+)"/gm)].map(
    ([, kind, type, name]) => `${kind === "data" ? "data." : ""}${type}.${name}`,
  );

class Group {
  readonly #folder: TerraformFolder;
  readonly #variables: Readonly<Record<string, string>>;
  readonly results = new Map<string, Result>();

  constructor(folder: TerraformFolder, variables: Readonly<Record<string, string>>) {
    this.#folder = folder;
    this.#variables = variables;
  }

  async run(): Promise<void> {
    await this.#apply("first", "apply");
    await this.#expectEmpty("first", "empty plan");
    await this.#apply("second", "update");
    await this.#expectEmpty("second", "empty plan after update");
    await this.#import();
    await this.#expectEmpty("second", "empty plan after import");
    await this.#destroy();
  }

  note(address: string, step: Step, outcome: string): void {
    const result = this.results.get(address) ?? {};
    this.results.set(address, { [step]: outcome, ...result });
  }

  async #json(...args: readonly string[]) {
    const { text } = await this.#folder.terraform([...args, "-json", "-no-color"], this.#variables);
    return eventsIn(text);
  }

  /** The changes that a plan of a stage holds, and what failed on the way to it. */
  async #plan(stage: string, ...options: readonly string[]) {
    const events = await this.#json("plan", `-var=stage=${stage}`, "-out=planned", ...options);
    const failures = failuresIn(events);
    if (failures.size > 0) return { failures, changes: [] as readonly PlannedChange[] };
    const shown = await this.#show("planned");
    return { failures, changes: shown.resource_changes ?? [] };
  }

  async #show(...args: readonly string[]): Promise<Shown> {
    const { code, text } = await this.#folder.terraform(["show", "-json", ...args], this.#variables);
    if (code !== 0) throw new Error(`terraform show failed: ${text}`);
    return JSON.parse(text) as Shown;
  }

  async #standing(): Promise<readonly Standing[]> {
    return (await this.#show()).values?.root_module.resources ?? [];
  }

  async #apply(stage: string, step: "apply" | "update"): Promise<void> {
    const plan = await this.#plan(stage);
    const events = await this.#json("apply", `-var=stage=${stage}`, "-auto-approve", "-parallelism=20");
    const failures = failuresIn([...events]);
    const completed = completedIn(events);
    const there = new Map((await this.#standing()).map((each) => [each.address, each]));
    const unplaced = failures.get("") ?? plan.failures.get("");
    for (const { address, mode, change } of plan.changes) {
      const failure = failures.get(address);
      if (failure !== undefined) this.note(address, step, failure);
      else if (mode === "managed" && change.actions.includes("no-op")) this.note(address, step, NOTHING_TO_UPDATE);
      else if (mode === "managed" && !completed.has(address)) {
        this.note(address, step, unplaced ?? "not reached: what it needs failed");
      } else if (change.actions.includes("delete")) {
        this.note(address, step, change.actions.length > 1 ? "replaced" : "removed");
      } else this.note(address, step, "ok");
    }
    for (const [address, failure] of [...failures, ...plan.failures]) {
      if (address !== "") this.note(address, step, failure);
      else if (plan.changes.length === 0) throw new Error(`Nothing could be planned: ${failure}`);
    }
    for (const { address, mode } of there.values()) if (mode === "data") this.note(address, step, "ok");
  }

  async #expectEmpty(stage: string, step: Step): Promise<void> {
    const { changes, failures } = await this.#plan(stage);
    for (const [address, failure] of failures) this.note(address, step, failure);
    const there = new Set((await this.#standing()).map(({ address }) => address));
    for (const change of changes) {
      if (!there.has(change.address)) continue;
      const { actions } = change.change;
      this.note(change.address, step, actions[0] === "no-op" || actions[0] === "read" ? "ok" : difference(change));
    }
    for (const address of there) if (failures.size === 0) this.note(address, step, "ok");
  }

  /** Everything that can be is forgotten and imported again, in one plan, which must not want to change anything. */
  async #import(): Promise<void> {
    const managed = (await this.#standing()).filter(({ mode }) => mode === "managed");
    const ids = managed.flatMap((each) => {
      const id = importIdOf(each);
      if (id !== undefined) return [{ address: each.address, id }];
      this.note(each.address, "import", "none");
      this.note(each.address, "empty plan after import", "none");
      return [];
    });
    if (ids.length === 0) return;
    const addresses = ids.map(({ address }) => address);
    await this.#folder.terraform(["state", "rm", ...addresses], this.#variables);
    const { changes, failures } = await this.#importing(ids);
    for (const [address, failure] of failures) this.note(address, "import", failure);
    for (const change of changes) {
      if (!addresses.includes(change.address)) continue;
      const allowed = NEVER_READ[change.address.split(".")[0] as string] ?? [];
      const names = differingNames(change).filter((name) => !allowed.includes(name));
      this.note(change.address, "import", names.length === 0 ? "ok" : difference(change, names));
    }
    await this.#json("apply", "-var=stage=second", "-auto-approve", "-parallelism=20");
  }

  /** Plans the imports, without those that fail. */
  async #importing(ids: readonly { address: string; id: string }[]) {
    const file = join(this.#folder.path, "imports.tf");
    const write = (some: typeof ids) =>
      writeFileSync(
        file,
        some.map(({ address, id }) => `import {\n  to = ${address}\n  id = ${JSON.stringify(id)}\n}\n`).join(""),
      );
    write(ids);
    const together = await this.#plan("second");
    if (together.failures.size === 0) return together;
    const failures = new Map<string, string>();
    for (const each of ids) {
      write([each]);
      const alone = await this.#plan("second", `-target=${each.address}`);
      const [failure] = alone.failures.values();
      if (failure !== undefined) failures.set(each.address, failure);
    }
    write(ids.filter(({ address }) => !failures.has(address)));
    return { changes: (await this.#plan("second")).changes, failures };
  }

  async #destroy(): Promise<void> {
    rmSync(join(this.#folder.path, "imports.tf"), { force: true });
    const before = await this.#standing();
    const events = await this.#json("destroy", "-var=stage=second", "-auto-approve", "-parallelism=20");
    const failures = failuresIn(events);
    const left = new Set((await this.#standing()).map(({ address }) => address));
    for (const { address, mode } of before) {
      if (mode === "data") continue;
      const failure = failures.get(address) ?? failures.get("") ?? "not reached: what needs it was not destroyed";
      this.note(address, "destroy", left.has(address) ? failure : "ok");
    }
  }
}

const differingNames = ({ change: { before, after } }: PlannedChange): string[] =>
  Object.keys({ ...before, ...after }).filter(
    (name) => JSON.stringify(before?.[name]) !== JSON.stringify(after?.[name]),
  );

function difference(change: PlannedChange, [name] = differingNames(change)): string {
  const { before, after, actions } = change.change;
  if (before === null) return `the plan wants to ${actions.join(" and ")}`;
  if (name === undefined) return "ok";
  const text = (values: Record<string, unknown> | null) => JSON.stringify(values?.[name]) ?? "unknown";
  return `the plan changes ${name} from ${text(before)} to ${text(after)}`;
}
