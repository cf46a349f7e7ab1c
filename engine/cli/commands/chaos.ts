import type { ChaosEvent } from "../../gateway/engine-events.ts";
import { ruleText, type ChaosRule, type RuleInput } from "../../gateway/chaos/rule.ts";
import type { Output } from "../output.ts";
import type { SessionOptions } from "../session.ts";
import { table } from "../text/table.ts";
import { timeText } from "../text/time.ts";
import { withSession } from "./with-session.ts";

export async function addRule(output: Output, options: SessionOptions, input: RuleInput): Promise<void> {
  await withSession(options, async (session) => {
    const { rule } = await session.run("chaosAdd", input);
    output.answer(rule, () => `rule ${rule.id}: ${ruleText(rule)}${seedText(rule)}`);
  });
}

export async function listRules(output: Output, options: SessionOptions): Promise<void> {
  await withSession(options, async (session) => {
    const { rules } = await session.run("chaosList", {});
    output.answer({ rules }, () =>
      rules.length === 0
        ? "There are no rules: nothing is disturbed."
        : table(
            output.colors,
            ["rule", "calls", "disturbed", ""],
            rules.map((rule) => [
              rule.id,
              String(rule.seen),
              String(rule.disturbed),
              `${ruleText(rule)}${seedText(rule)}`,
            ]),
          ),
    );
  });
}

export async function removeRule(output: Output, options: SessionOptions, id: string): Promise<void> {
  await withSession(options, async (session) => {
    const { rule } = await session.run("chaosRemove", { id });
    output.answer(rule, () => `rule ${rule.id} is gone: ${ruleText(rule)}`);
  });
}

export async function clearRules(output: Output, options: SessionOptions): Promise<void> {
  await withSession(options, async (session) => {
    const { removed } = await session.run("chaosClear", {});
    output.answer({ removed }, () => (removed === 1 ? "1 rule is gone" : `${removed} rules are gone`));
  });
}

export async function chaosEvents(output: Output, options: SessionOptions): Promise<void> {
  await withSession(options, async (session) => {
    const { events } = await session.run("chaosEvents", {});
    output.answer({ events }, () =>
      events.length === 0
        ? "There was no chaos."
        : table(output.colors, ["at (UTC)", "rule", "", "", ""], events.map(eventRow)),
    );
  });
}

const eventRow = ({ atMs, rule, what, text, call }: ChaosEvent): string[] => [
  timeText(atMs),
  rule,
  what,
  call ? `${call.service} ${call.operation}` : text,
  call?.resource ?? "",
];

const seedText = ({ seed }: ChaosRule) => (seed === undefined ? "" : ` (seed ${seed})`);
