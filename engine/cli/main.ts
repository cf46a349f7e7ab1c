import { Command, CommanderError, Option } from "commander";
import { addAppCommands } from "./app-commands.ts";
import { addExchangeCommands } from "./exchange-commands.ts";
import { addForkCommands } from "./fork-commands.ts";
import { addOperationCommands } from "./operation-commands.ts";
import { SECRET_KEY_VARIABLE } from "../gateway/client-environment.ts";
import { EXIT } from "./exit-codes.ts";
import { createOutput, type Output } from "./output.ts";
import {
  DATA_DIRECTORY,
  PORT,
  readAccount,
  readDirectory,
  readDurability,
  readEndpoint,
  readFormat,
  readPort,
  readRegion,
  readStore,
} from "./options.ts";
import { LOG_LEVELS, type LogLevel } from "../platform/log.ts";
import { VERSION } from "../platform/version.ts";
import { addTemplateOptions, type TemplateOptions } from "./plan-options.ts";
import { addPreviewCommands } from "./preview-commands.ts";
import { addReportOptions, FORMAT_HELP, requireDocument, type ReportOptions } from "./report-options.ts";
import { reportProblem } from "./report.ts";
import { addReviewCommands } from "./review-commands.ts";
import { forkFor, sessionFor, storageFor, type CommonOptions } from "./session-options.ts";
import { addTrialCommands } from "./trial-commands.ts";
import { addTerraformCommands } from "./terraform-commands.ts";

/** Builds the program. Each command's code is loaded only when that command runs, so that `cloudstack` starts fast. */
export function buildProgram(output: (options: CommonOptions) => Output): Command {
  const program = new Command("cloudstack")
    .description("One engine: stacks with plan, diff, journal and rollback, and the APIs of real clouds.")
    .version(VERSION)
    .showSuggestionAfterError()
    .configureHelp({ showGlobalOptions: true })
    .addOption(new Option("--format <format>", FORMAT_HELP).default("text").argParser(readFormat))
    .addOption(
      new Option("--data-dir <directory>", "where the engine keeps its state")
        .default(DATA_DIRECTORY)
        .argParser(readDirectory),
    )
    .addOption(
      new Option("--store <store>", "sqlite, memory or a postgres:// URL").default("sqlite").argParser(readStore),
    )
    .option("--blobs <place>", "s3://BUCKET/PREFIX for bodies above 64 KiB; files in the data directory by default")
    .addOption(new Option("--durability <level>", "full or relaxed").default("full").argParser(readDurability))
    .addOption(new Option("--account <account>", "account of 12 digits").argParser(readAccount))
    .addOption(new Option("--region <region>", "region").argParser(readRegion))
    .option("--fork <name>", "the fork to work on; main for none. Default: CLOUDSTACKS_FORK, then what `switch` chose")
    .addOption(
      new Option("--log-level <level>", "what the engine logs to standard error")
        .choices([...LOG_LEVELS])
        .default("warn" satisfies LogLevel),
    )
    .exitOverride()
    .hook("preAction", (_program, command) =>
      requireDocument(command, command.optsWithGlobals<CommonOptions>().format),
    );

  addServerCommands(program, output);
  addStackCommands(program, output);
  addStateCommands(program, output);
  addReviewCommands(program, output);
  addTrialCommands(program, output);
  addForkCommands(program, output);
  addTerraformCommands(program, output, process.argv.slice(2));
  return program;
}

type OutputFor = (options: CommonOptions) => Output;

function addServerCommands(program: Command, output: OutputFor): void {
  program
    .command("start")
    .description("serve every cloud on one port")
    .addOption(
      new Option("--port <port>", "port for HTTP and TLS; 0 for any free one").default(PORT).argParser(readPort),
    )
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .addOption(secretKeyOption("refuse requests that are not signed with this secret access key"))
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions & { port: number; host: string; secretKey?: string }>();
      const { start } = await import("./commands/start.ts");
      const { port, host, secretKey } = options;
      await start(output(options), { ...storageFor(options), fork: forkFor(options), port, host, secretKey });
    });
  program
    .command("stop")
    .description("stop the server of this data directory")
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      const { stop } = await import("./commands/stop.ts");
      await stop(output(options), storageFor(options).dataDirectory);
    });
  program
    .command("status")
    .description("what the engine is and holds")
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      const { status } = await import("./commands/status.ts");
      await status(output(options), sessionFor(options));
    });
  program
    .command("env")
    .description('print what points your tools at the engine: eval "$(cloudstack env)"')
    .addOption(
      new Option("--endpoint <url>", "the engine's address; default: the server of the data directory").argParser(
        readEndpoint,
      ),
    )
    .addOption(secretKeyOption("of a server that checks signatures"))
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions & { endpoint?: string; secretKey?: string }>();
      const { printEnvironment } = await import("./commands/env.ts");
      const { endpoint, secretKey } = options;
      await printEnvironment(output(options), { ...sessionFor(options), secretKey }, endpoint);
    });
}

const secretKeyOption = (help: string) => new Option("--secret-key <secret>", help).env(SECRET_KEY_VARIABLE);


function addStackCommands(program: Command, output: OutputFor): void {
  const validate = program.command("validate").description("check a template and touch nothing");
  addTemplateOptions(validate)
    .argument("<file>", "template, YAML or JSON")
    .action(async (file: string, _options, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions & TemplateOptions>();
      const commands = await import("./commands/stacks.ts");
      await commands.validate(output(options), sessionFor(options), { ...options, file });
    });
  addAppCommands(program, output);
  addReportOptions(program.command("drift").description("what was changed outside a stack"))
    .argument("<stack>")
    .option("--detailed-exitcode", "exit 2 when something was")
    .action(async (stack: string, _options, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions & ReportOptions & { detailedExitcode?: boolean }>();
      const { drift } = await import("./commands/stacks.ts");
      await drift(output(options), sessionFor(options), { ...options, stack });
    });
  addStackQueries(program, output);
  addOperationCommands(program, output);
  addExchangeCommands(program, output);
  addPreviewCommands(program, output);
}

function addStackQueries(program: Command, output: OutputFor): void {
  program
    .command("stacks")
    .description("list the stacks")
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      const { listStacks } = await import("./commands/stack-queries.ts");
      await listStacks(output(options), sessionFor(options));
    });
  program
    .command("outputs")
    .description("print a stack's outputs")
    .argument("<stack>")
    .action(async (stack: string, _options, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      const { outputs } = await import("./commands/stack-queries.ts");
      await outputs(output(options), sessionFor(options), stack);
    });
  program
    .command("resources")
    .description("list what exists, whoever made it")
    .option("--type <type>", "of one resource type only")
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions & { type?: string }>();
      const { resources } = await import("./commands/stack-queries.ts");
      await resources(output(options), sessionFor(options), options.type);
    });
}

function addStateCommands(program: Command, output: OutputFor): void {
  const snapshot = program.command("snapshot").description("save or restore the engine's whole state");
  for (const verb of ["save", "restore"] as const) {
    const saves = "write everything to one file, also from a running server";
    snapshot
      .command(verb)
      .description(verb === "save" ? saves : "replace everything by a snapshot's content")
      .argument("<file>")
      .action(async (file: string, _options, command: Command) => {
        const options = command.optsWithGlobals<CommonOptions>();
        const commands = await import("./commands/state.ts");
        await commands[verb](output(options), sessionFor(options), file);
      });
  }
  program
    .command("reset")
    .description("delete everything the engine holds")
    .option("-y, --yes", "do not ask")
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions & { yes?: boolean }>();
      const { reset } = await import("./commands/state.ts");
      await reset(output(options), sessionFor(options), options.yes === true);
    });
  addManualCommands(program, output);
}

function addManualCommands(program: Command, output: OutputFor): void {
  program
    .command("explain")
    .description("the manual, offline: a diagnostic's code, a resource type or one of its properties")
    .argument("[subject]", "e.g. CS1203, Bucket, AWS::S3::Bucket.LifecycleConfiguration")
    .action(async (subject: string | undefined, _options, command: Command) => {
      const { explain } = await import("./commands/explain.ts");
      explain(output(command.optsWithGlobals<CommonOptions>()), subject);
    });
  program
    .command("schema")
    .description("print the JSON Schema of templates, for editors")
    .action(async (_options, command: Command) => {
      const { schema } = await import("./commands/schema.ts");
      schema(output(command.optsWithGlobals<CommonOptions>()));
    });
  program
    .command("coverage")
    .description("what is done, partly done and missing")
    .argument("[service]", "e.g. s3")
    .action(async (service: string | undefined, _options, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      const { coverage } = await import("./commands/coverage.ts");
      coverage(output(options), service);
    });
  program
    .command("types")
    .description("the resource types that templates can declare")
    .action(async (_options, command: Command) => {
      const { types } = await import("./commands/types.ts");
      types(output(command.optsWithGlobals<CommonOptions>()));
    });
}

const streams = { out: process.stdout, err: process.stderr };
const program = buildProgram((options) => createOutput(options.format, streams, process.env));
try {
  await program.parseAsync();
} catch (problem) {
  // Commander has printed its own message; help and version are no failures.
  if (problem instanceof CommanderError) process.exitCode = problem.exitCode === 0 ? 0 : EXIT.failed;
  else {
    const { format } = program.opts<CommonOptions>();
    reportProblem(createOutput(format ?? "text", streams, process.env), problem);
    process.exitCode = EXIT.failed;
  }
}
