import { Option, type Command } from "commander";
import { EXPORT_LANGUAGES } from "../stack/export/written-export.ts";
import { BINDING_TOOLS } from "./bindings/generators.ts";
import type { BindingsOptions } from "./commands/bindings.ts";
import type { ExportOptions } from "./commands/export.ts";
import type { ImportOptions } from "./commands/import.ts";
import { addConductOptions, type ConductOptions } from "./conduct-options.ts";
import type { Output } from "./output.ts";
import { sessionFor, type CommonOptions } from "./session-options.ts";

/** The commands that hand stacks to other tools, and take over what those have made. */
export function addExchangeCommands(program: Command, output: (options: CommonOptions) => Output): void {
  program
    .command("export")
    .description("write a stack, as it is, as code: its plan changes nothing")
    .argument("<stack>")
    .addOption(new Option("--to <language>", "the language").choices(EXPORT_LANGUAGES).default("yaml"))
    .option("--out <folder>", "write files there; without it, print them")
    .option("--overwrite", "write over files that are there")
    .action(async (stack: string, _options, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions & ExportOptions>();
      const { exportStack } = await import("./commands/export.ts");
      await exportStack(output(options), sessionFor(options), { ...options, stack });
    });
  addConductOptions(
    program.command("import").description("take over into a stack what Terraform, or nobody, has made a stack of"),
  )
    .argument("[state]", "a state of Terraform: terraform.tfstate")
    .addOption(new Option("--from <place>", "account: what belongs to no stack").choices(["account"]))
    .option("--stack <name>", "the stack; default: the state's folder")
    .action(async (state: string | undefined, _options, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions & ConductOptions & ImportOptions>();
      const { importStack } = await import("./commands/import.ts");
      await importStack(output(options), sessionFor(options), { ...options, state });
    });
  program
    .command("bindings")
    .description("write TypeScript classes for our Terraform provider, for CDK Terrain or CDK for Terraform")
    .addOption(new Option("--for <tool>", "the tool").choices(BINDING_TOOLS).makeOptionMandatory())
    .option("--out <folder>", "where to", ".gen")
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions & BindingsOptions>();
      const { bindings } = await import("./commands/bindings.ts");
      await bindings(output(options), options);
    });
}
