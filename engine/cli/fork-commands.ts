import { Option, type Command } from "commander";
import type { ForkRequest } from "./commands/fork.ts";
import { Failure } from "./failure.ts";
import { readPort } from "./options.ts";
import type { Output } from "./output.ts";
import { sessionFor, type CommonOptions } from "./session-options.ts";

const loaded = () => import("./commands/fork.ts");

/** The commands that make, show and end forks of the state, and choose the one that others work on. */
export function addForkCommands(program: Command, output: (options: CommonOptions) => Output): void {
  const fork = program
    .command("fork")
    .description("a state of its own that begins as this one is: made in milliseconds, nothing is copied")
    .argument("[name]", "lower-case letters, digits and -")
    .option("--from <snapshot>", "a file of `snapshot save`, instead of the present state")
    .addOption(new Option("--port <port>", "serve it on a port of its own; 0 for any free one").argParser(readPort))
    .action(async (name: string | undefined, _options, command: Command) => {
      if (name === undefined) return command.help();
      const options = command.optsWithGlobals<CommonOptions & Omit<ForkRequest, "name">>();
      await (await loaded()).makeFork(output(options), sessionFor(options), { ...options, name });
    });
  // Commander lets options of `fork` stand behind its subcommands, which do not take them.
  fork.hook("preSubcommand", () => {
    const [given] = Object.keys(fork.opts());
    if (given !== undefined) throw new Failure(`--${given} is for making a fork.`, ["cloudstack fork NAME --help"]);
  });
  fork
    .command("list")
    .description("the forks, and what each was made of")
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      await (await loaded()).listForks(output(options), sessionFor(options));
    });
  fork
    .command("diff")
    .description("what a fork has changed, by resource and property")
    .argument("<name>")
    .action(async (name: string, _options, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      await (await loaded()).diffFork(output(options), sessionFor(options), name);
    });
  fork
    .command("drop")
    .description("end a fork, and all that is its own")
    .argument("<name>")
    .action(async (name: string, _options, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      await (await loaded()).dropFork(output(options), sessionFor(options), name);
    });
  // As git has it, too.
  for (const parent of [fork, program])
    parent
      .command("switch")
      .description("the fork that the commands on this data directory work on; main for none")
      .argument("<name>", "a fork, or main")
      .action(async (name: string, _options, command: Command) => {
        const options = command.optsWithGlobals<CommonOptions>();
        await (await loaded()).switchFork(output(options), sessionFor(options), name);
      });
}
