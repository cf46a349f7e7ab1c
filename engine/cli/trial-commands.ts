import type { Command } from "commander";
import { readDuration } from "./options.ts";
import type { Output } from "./output.ts";
import { sessionFor, type CommonOptions } from "./session-options.ts";

type OutputFor = (options: CommonOptions) => Output;

/** The commands that try what a system does when time passes and when operations fail. */
export function addTrialCommands(program: Command, output: OutputFor): void {
  addClockCommands(program, output);
}

const loadedClock = () => import("./commands/clock.ts");

function addClockCommands(program: Command, output: OutputFor): void {
  const clock = program.command("clock").description("show and move the engine's time: what falls due happens");
  clock
    .command("show")
    .description("the engine's time, and the machine's")
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      await (await loadedClock()).showClock(output(options), sessionFor(options));
    });
  clock
    .command("advance")
    .description("let time pass, and run what falls due: lifecycle, expiry, retention, deliveries")
    .argument("<duration>", "e.g. 30d, 12h, 90s", readDuration)
    .action(async (ms: number, _options, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      await (await loadedClock()).advanceClock(output(options), sessionFor(options), ms);
    });
  clock
    .command("freeze")
    .description("stop the clock, now or at a time")
    .argument("[time]", "e.g. 2030-01-01T00:00:00Z")
    .action(async (at: string | undefined, _options, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      await (await loadedClock()).freezeClock(output(options), sessionFor(options), at);
    });
  clock
    .command("unfreeze")
    .description("let a frozen clock run on from where it stands")
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      await (await loadedClock()).unfreezeClock(output(options), sessionFor(options));
    });
  clock
    .command("reset")
    .description("back to the machine's time")
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      await (await loadedClock()).resetClock(output(options), sessionFor(options));
    });
  clock
    .command("events")
    .description("how it was moved")
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      await (await loadedClock()).clockEvents(output(options), sessionFor(options));
    });
}
