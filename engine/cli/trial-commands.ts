import { Argument, Option, type Command } from "commander";
import { EFFECTS, type Effect } from "../gateway/chaos/rule.ts";
import { Failure } from "./failure.ts";
import { readDuration } from "./options.ts";
import type { Output } from "./output.ts";
import { sessionFor, type CommonOptions } from "./session-options.ts";

type OutputFor = (options: CommonOptions) => Output;

/** The commands that try what a system does when time passes and when operations fail. */
export function addTrialCommands(program: Command, output: OutputFor): void {
  addClockCommands(program, output);
  addChaosCommands(program, output);
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

/** Of `chaos add`, as commander gives them. */
interface RuleOptions {
  readonly cloud?: string;
  readonly service?: string;
  readonly operation?: string;
  readonly resource?: string;
  readonly error?: string;
  readonly status?: number;
  readonly for?: number;
  readonly after?: boolean;
  readonly probability?: number;
  readonly seed?: number;
  readonly skip?: number;
  readonly count?: number;
  readonly once?: boolean;
}

const loadedChaos = () => import("./commands/chaos.ts");

/** Ranges are for the engine to check. */
function readNumber(value: string): number {
  const number = Number(value);
  if (value.trim() === "" || Number.isNaN(number))
    throw new Failure(`"${value}" is not a number.`, ["cloudstack chaos add --help shows what takes one."]);
  return number;
}

function addChaosCommands(program: Command, output: OutputFor): void {
  const chaos = program.command("chaos").description("make operations fail, to try what your system does then");
  addRuleOptions(chaos.command("add"))
    .description("add a rule: fail, delay, throttle or drop what clients and stacks ask for")
    .addArgument(new Argument("<effect>", "what becomes of the operations").choices(EFFECTS))
    .action(async (effect: Effect, _options, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions & RuleOptions>();
      const { cloud, service, operation, resource, error, status, probability, seed, skip } = options;
      const matched = { cloud, service, operation, resource };
      const [delayMs, isAfter, count] = [options.for, options.after, options.once ? 1 : options.count];
      const rule = { effect, ...matched, error, status, delayMs, isAfter, probability, seed, skip, count };
      await (await loadedChaos()).addRule(output(options), sessionFor(options), rule);
    });
  chaos
    .command("list")
    .description("the rules, and what each has done")
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      await (await loadedChaos()).listRules(output(options), sessionFor(options));
    });
  chaos
    .command("remove")
    .description("remove a rule")
    .argument("<rule>", "its number")
    .action(async (id: string, _options, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      await (await loadedChaos()).removeRule(output(options), sessionFor(options), id);
    });
  chaos
    .command("clear")
    .description("remove every rule")
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      await (await loadedChaos()).clearRules(output(options), sessionFor(options));
    });
  chaos
    .command("events")
    .description("what was done to the rules and what they did")
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      await (await loadedChaos()).chaosEvents(output(options), sessionFor(options));
    });
}

const addRuleOptions = (command: Command): Command =>
  command
    .option("--cloud <name>", "aws, or native for the engine's own operations and types")
    .option("--service <name>", "e.g. s3, sqs, objects")
    .option("--operation <name>", "e.g. PutObject, Put*, AWS::S3::Bucket.create, *.delete")
    .option("--resource <name>", "the whole of what is named, or its first or last part: a bucket, a queue, a stack")
    .option("--error <code>", "of fail: what is told; by default what the service says of a failure inside")
    .addOption(new Option("--status <status>", "of fail: the HTTP status").argParser(readNumber))
    .addOption(new Option("--for <time>", "of delay: how long, on the engine's clock").argParser(readDuration))
    .option("--after", "of drop: carry the operation out, and lose its answer")
    .addOption(new Option("--probability <p>", "from 0 to 1: how likely; always by default").argParser(readNumber))
    .addOption(new Option("--seed <number>", "of a probability: the same calls again").argParser(readNumber))
    .addOption(new Option("--skip <n>", "let the first n pass").argParser(readNumber))
    .addOption(new Option("--count <n>", "end after n").argParser(readNumber).conflicts("once"))
    .option("--once", "the same as --count 1");
