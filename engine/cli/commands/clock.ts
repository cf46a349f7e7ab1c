import type { ClockState, Moved } from "../../gateway/clock/engine-clock.ts";
import type { ClockEvent } from "../../gateway/engine-events.ts";
import type { Output } from "../output.ts";
import type { SessionOptions } from "../session.ts";
import { durationText } from "../text/duration.ts";
import { alignColumns, table } from "../text/table.ts";
import { timeText } from "../text/time.ts";
import { withSession } from "./with-session.ts";

export async function showClock(output: Output, options: SessionOptions): Promise<void> {
  await withSession(options, async (session) => {
    const state = await session.run("clock", {});
    output.answer(answerOf(state), () =>
      alignColumns([
        ["engine", `${timeText(state.nowMs)} UTC`, howItGoes(state)],
        ["machine", `${timeText(state.machineMs)} UTC`, ""],
      ]).join("\n"),
    );
  });
}

export const advanceClock = (output: Output, options: SessionOptions, ms: number): Promise<void> =>
  move(output, options, "clockAdvance", { ms });

export const freezeClock = (output: Output, options: SessionOptions, at: string | undefined): Promise<void> =>
  move(output, options, "clockFreeze", { ...(at !== undefined && { at }) });

export const unfreezeClock = (output: Output, options: SessionOptions): Promise<void> =>
  move(output, options, "clockUnfreeze", {});

export const resetClock = (output: Output, options: SessionOptions): Promise<void> =>
  move(output, options, "clockReset", {});

async function move(
  output: Output,
  options: SessionOptions,
  command: "clockAdvance" | "clockFreeze" | "clockUnfreeze" | "clockReset",
  input: object,
): Promise<void> {
  await withSession(options, async (session) => {
    const moved: Moved = await session.run(command, input as never);
    output.answer({ ...answerOf(moved), jobs: moved.jobs }, () =>
      [`${timeText(moved.nowMs)} UTC`, howItGoes(moved), jobsText(moved.jobs)].filter(Boolean).join("   "),
    );
  });
}

export async function clockEvents(output: Output, options: SessionOptions): Promise<void> {
  await withSession(options, async (session) => {
    const { events } = await session.run("clockEvents", {});
    output.answer({ events }, () =>
      events.length === 0
        ? "The clock was never moved."
        : table(output.colors, ["at (UTC)", "", "from", "to", ""], events.map(row)),
    );
  });
}

const row = ({ atMs, what, fromMs, toMs, jobs = 0 }: ClockEvent): string[] => [
  timeText(atMs),
  what,
  timeText(fromMs),
  timeText(toMs),
  jobsText(jobs),
];

const answerOf = ({ nowMs, machineMs, isFrozen }: ClockState) => ({
  now: new Date(nowMs).toISOString(),
  machine: new Date(machineMs).toISOString(),
  isFrozen,
});

/** What sets it apart from the machine's clock. */
export function howItGoes({ nowMs, machineMs, isFrozen }: ClockState): string {
  if (isFrozen) return "frozen";
  const aheadMs = nowMs - machineMs;
  if (aheadMs === 0) return "";
  return aheadMs > 0 ? `${durationText(aheadMs)} ahead` : `${durationText(-aheadMs)} behind`;
}

const jobsText = (jobs: number) => (jobs === 0 ? "no job was due" : `${jobs} job${jobs === 1 ? "" : "s"} ran`);
