import { Option, type Command } from "commander";
import { Failure } from "./failure.ts";
import type { Output } from "./output.ts";
import { sessionFor, type CommonOptions } from "./session-options.ts";

type OutputFor = (options: CommonOptions) => Output;

const TOOLS = ["terraform", "tofu"] as const;
const HELP = ["-h", "--help"];
const NAMES = { terraform: "Terraform", tofu: "OpenTofu" };

/** What runs the user's own Terraform or OpenTofu. Everything from the first word on that is not ours is the tool's. */
export function addTerraformCommands(
  program: Command,
  output: OutputFor,
  words: readonly string[],
): void {
  addStateCommands(program, output);
  // Only then: options of ours may stand behind every other command's name.
  const toolAt = placeOfTool(program, words);
  const isRun = toolAt !== undefined;
  const asksHelp = isRun && HELP.includes(words[toolAt + 1] ?? "");
  program.enablePositionalOptions(isRun);
  for (const tool of TOOLS) {
    program
      .command(tool)
      .usage(`[--explain] [--state <name>] <args...>\n       cloudstack ${tool} install`)
      .description(`run your ${NAMES[tool]} against the engine, with no change to your files`)
      .option("--explain", "say what it is told, on standard error")
      .option("--state <name>", 'of `backend "http" {}`: the state\'s name; default: the folder')
      .argument("[args...]", "as the tool takes them")
      .allowUnknownOption()
      .passThroughOptions(isRun)
      // Only right behind the tool's name: later it is the tool's.
      .helpOption(isRun && !asksHelp ? false : HELP.join(", "))
      .action(async (args: string[], _options, command: Command) => {
        const options = command.optsWithGlobals<CommonOptions & { explain?: boolean; state?: string }>();
        // No command of either tool is called so.
        if (args[0] === "install") {
          const { installProvider } = await import("./commands/terraform-install.ts");
          return installProvider(output(options), tool);
        }
        const { runTerraform } = await import("./commands/terraform.ts");
        const run = { tool, args, isExplained: options.explain === true, state: options.state };
        await runTerraform(output(options), sessionFor(options), run);
      });
  }
}

function readVersion(value: string): number {
  if (!/^[1-9]\d*$/.test(value))
    throw new Failure(`"${value}" is not a version.`, ["cloudstack tfstate versions STATE lists them."]);
  return Number(value);
}

/** What is kept of the states of Terraform's HTTP backend. */
function addStateCommands(program: Command, output: OutputFor): void {
  const states = program.command("tfstate").description("the states that Terraform keeps in the engine");
  states
    .command("list")
    .description("list them, and who holds which")
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      const commands = await import("./commands/tfstate.ts");
      await commands.listStates(output(options), sessionFor(options));
    });
  states
    .command("versions")
    .description("list what a state was before")
    .argument("<state>")
    .action(async (state: string, _options, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      const commands = await import("./commands/tfstate.ts");
      await commands.listVersions(output(options), sessionFor(options), state);
    });
  states
    .command("show")
    .description("print a state, or an earlier version of it, as it was written")
    .argument("<state>")
    .argument("[version]", "default: the newest", readVersion)
    .action(async (state: string, version: number | undefined, _options, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      const commands = await import("./commands/tfstate.ts");
      await commands.showState(output(options), sessionFor(options), { state, version });
    });
  states
    .command("delete")
    .description("delete a state and its versions; what it tells of stays")
    .argument("<state>")
    .option("--yes", "do not ask")
    .action(async (state: string, _options, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions & { yes?: boolean }>();
      const commands = await import("./commands/tfstate.ts");
      await commands.deleteState(output(options), sessionFor(options), { state, isConfirmed: options.yes === true });
    });
  states
    .command("rollback")
    .description("write an earlier version's content again, as the newest")
    .argument("<state>")
    .addOption(new Option("--to <version>", "the version").argParser(readVersion).makeOptionMandatory())
    .action(async (state: string, _options, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions & { to: number }>();
      const commands = await import("./commands/tfstate.ts");
      await commands.rollbackState(output(options), sessionFor(options), { state, to: options.to });
    });
  states
    .command("unlock")
    .description("break the lock of a state, whoever holds it")
    .argument("<state>")
    .action(async (state: string, _options, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      const commands = await import("./commands/tfstate.ts");
      await commands.unlockState(output(options), sessionFor(options), state);
    });
}

/**
 * Where a command line names such a tool, if it does. What stands behind the name belongs to the tool, also where it
 * looks like one of our own options.
 */
function placeOfTool(program: Command, words: readonly string[]): number | undefined {
  const takesValue = new Set(program.options.filter(({ required }) => required).map(({ long }) => long));
  let at = 0;
  while (words[at]?.startsWith("-")) at += takesValue.has(words[at]) ? 2 : 1;
  return TOOLS.some((tool) => tool === words[at]) ? at : undefined;
}
