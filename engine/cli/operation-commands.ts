import { Option, type Command } from "commander";
import { addConductOptions, type ConductOptions } from "./conduct-options.ts";
import { readSerial } from "./options.ts";
import type { Output } from "./output.ts";
import { sessionFor, type CommonOptions } from "./session-options.ts";

/** The commands that go back, look back and watch: what can be done with a stack beside planning it. */
export function addOperationCommands(program: Command, output: (options: CommonOptions) => Output): void {
  addConductOptions(program.command("rollback").description("go back to an earlier version of a stack"))
    .argument("<stack>")
    .addOption(new Option("--to <serial>", "the version; default: the one before").argParser(readSerial))
    .action(async (stack: string, _options, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions & ConductOptions & { to?: number }>();
      const { rollback } = await import("./commands/rollback.ts");
      await rollback(output(options), sessionFor(options), { ...options, stack });
    });
  addConductOptions(program.command("continue-rollback").description("go on with a rollback that failed"))
    .argument("<stack>")
    .option("--skip <logical-ids...>", "give these up: their resources stay as they are")
    .action(async (stack: string, _options, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions & ConductOptions & { skip?: string[] }>();
      const { continueRollback } = await import("./commands/rollback.ts");
      await continueRollback(output(options), sessionFor(options), { ...options, stack });
    });
  program
    .command("protect")
    .description("protect a stack from being destroyed")
    .argument("<stack>")
    .option("--off", "no longer")
    .action(async (stack: string, _options, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions & { off?: boolean }>();
      const { protect } = await import("./commands/protect.ts");
      await protect(output(options), sessionFor(options), { stack, isProtected: options.off !== true });
    });
  program
    .command("policy")
    .description("show, set or remove what updates of a stack may change")
    .argument("<stack>")
    .argument("[file]", "the policy to set, JSON or YAML in CloudFormation's form")
    .option("--remove", "take the policy away")
    .action(async (stack: string, file: string | undefined, _options, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions & { remove?: boolean }>();
      const { policy } = await import("./commands/protect.ts");
      await policy(output(options), sessionFor(options), { stack, file, isRemoved: options.remove === true });
    });
  program
    .command("history")
    .description("list a stack's deployments and the versions they made")
    .argument("<stack>")
    .addOption(new Option("--serial <serial>", "show one version").argParser(readSerial))
    .action(async (stack: string, _options, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions & { serial?: number }>();
      const { history } = await import("./commands/rollback.ts");
      await history(output(options), sessionFor(options), { ...options, stack });
    });
  program
    .command("events")
    .description("print what happened to a stack")
    .argument("<stack>")
    .option("--deployment <id>", "of one deployment only")
    .option("--resource <logical-id>", "of one resource only")
    .option("--status <statuses>", "of these only, e.g. failed,retrying")
    .option("--limit <count>", "at most so many", Number)
    .option("--follow", "and go on with what happens, until Ctrl-C or the end of the deployment")
    .action(async (stack: string, _options, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      const { events } = await import("./commands/events.ts");
      await events(output(options), sessionFor(options), { ...options, stack });
    });
}
