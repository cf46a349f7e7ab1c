import { resolve } from "node:path";
import type { ForkDifference, ResourceDifference } from "../../gateway/forks/difference.ts";
import { type ForkFacts, MAIN } from "../../gateway/forks/fork-facts.ts";
import { currentFork, rememberFork } from "../current-fork.ts";
import { Failure } from "../failure.ts";
import type { Colors, Output } from "../output.ts";
import type { Session, SessionOptions } from "../session.ts";
import { alignColumns, table } from "../text/table.ts";
import { timeText } from "../text/time.ts";
import { withSession } from "./with-session.ts";

export interface ForkRequest {
  readonly name: string;
  /** A snapshot's file. */
  readonly from?: string;
  readonly port?: number;
}

/** Commands that are about forks do not need the one that others work on. */
const onMain = (options: SessionOptions): SessionOptions => ({ ...options, fork: MAIN });

const originOf = ({ of }: ForkFacts): string => ("fork" in of ? of.fork : of.snapshot);

/** A fork of what commands work on, or of a snapshot; one that is there already is only given a port. */
export async function makeFork(output: Output, options: SessionOptions, request: ForkRequest): Promise<void> {
  const { name, from, port } = request;
  await withSession(options, async (session) => {
    if (port !== undefined && session.endpoint === undefined)
      throw new Failure("There is no server that could give a fork a port.", ["Start one: cloudstack start"]);
    const { forks } = await session.run("forkList", {});
    const isServedOnly = port !== undefined && from === undefined && forks.some((each) => each.name === name);
    const made = isServedOnly ? undefined
      : await session.run("forkCreate", { name, ...(from !== undefined && { snapshot: resolve(from) }) });
    const facts = port === undefined ? made : await session.run("forkServe", { name, port });
    if (facts) output.answer(facts, () => madeText(facts, output.colors));
  });
}

function madeText(facts: ForkFacts, { bold }: Colors): string {
  const { name, endpoint } = facts;
  const clients = endpoint ?? `header x-cloudstacks-fork: ${name}, or a port: cloudstack fork ${name} --port 0`;
  return [
    `${bold(name)} is a fork of ${originOf(facts)}`,
    ...alignColumns([["commands", `cloudstack switch ${name}, or --fork ${name} for one`], ["clients", clients]], "  "),
  ].join("\n");
}

export async function listForks(output: Output, options: SessionOptions): Promise<void> {
  await withSession(onMain(options), async (session) => {
    const { forks } = await session.run("forkList", {});
    output.answer({ forks, current: options.fork ?? MAIN }, () =>
      forks.length === 0 ? "There are no forks. cloudstack fork NAME makes one."
        : table(output.colors, HEADING, forks.map((each) => rowOf(each, options.fork))),
    );
  });
}

const HEADING = ["", "name", "of", "made (UTC)", "port of its own"];

const rowOf = (facts: ForkFacts, current: string | undefined): string[] =>
  [facts.name === current ? "*" : "", facts.name, originOf(facts), timeText(facts.createdAtMs), facts.endpoint ?? ""];

export async function dropFork(output: Output, options: SessionOptions, name: string): Promise<void> {
  await withSession(onMain(options), async (session) => {
    await session.run("forkDrop", { name });
    const isCurrent = currentFork(options.dataDirectory) === name;
    if (isCurrent) rememberFork(options.dataDirectory, MAIN);
    output.answer({ dropped: name, ...(isCurrent && { current: MAIN }) }, () =>
      `dropped ${name}${isCurrent ? "; commands work on main again" : ""}`,
    );
  });
}

export async function switchFork(output: Output, options: SessionOptions, name: string): Promise<void> {
  await withSession(onMain(options), async (session) => {
    if (name !== MAIN) await mustExist(session, name);
    rememberFork(options.dataDirectory, name);
    output.answer({ current: name }, () => `commands on ${options.dataDirectory} work on ${name}`);
  });
}

async function mustExist(session: Session, name: string): Promise<void> {
  const { forks } = await session.run("forkList", {});
  if (forks.some((each) => each.name === name)) return;
  const names = forks.map((each) => each.name).join(", ");
  throw new Failure(`There is no fork "${name}".`, [
    names === "" ? `cloudstack fork ${name} makes it.` : `There are ${names}; cloudstack fork ${name} makes it.`,
  ]);
}

export async function diffFork(output: Output, options: SessionOptions, name: string): Promise<void> {
  await withSession(onMain(options), async (session) => {
    const difference = await session.run("forkDiff", { name });
    output.answer(difference, () => differenceText(difference, output.colors));
  });
}

const VERBS = { create: "created", update: "updated", delete: "deleted" } as const;

export function differenceText({ fork, resources, records }: ForkDifference, colors: Colors): string {
  const count = Object.entries(VERBS).flatMap(([action, verb]) => {
    const number = resources.filter((each) => each.action === action).length;
    return number === 0 ? [] : [`${number} ${verb}`];
  });
  const written = Object.entries(records).map(([part, number]) => `${number} of ${part}`);
  if (written.length === 0) return `${fork} has changed nothing.`;
  return [
    `${colors.bold(fork)}  ${count.length === 0 ? "no resource differs" : count.join(", ")}`,
    ...alignColumns(resources.flatMap((each) => rowsOf(each, colors)), "  "),
    colors.dim(`records written or deleted: ${written.join(", ")}`),
  ].join("\n");
}

const shown = (value: unknown): string => (value === undefined ? "(absent)" : JSON.stringify(value));

function rowsOf({ type, id, action, properties }: ResourceDifference, colors: Colors): string[][] {
  if (action === "create") return [[colors.green("+"), type, id]];
  if (action === "delete") return [[colors.red("-"), type, id]];
  return properties.map(({ path, before, after }, index) => [
    index === 0 ? colors.yellow("~") : "", index === 0 ? type : "", index === 0 ? id : "", path,
    `${shown(before)} -> ${shown(after)}`,
  ]);
}
