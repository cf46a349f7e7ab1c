import type { Command } from "commander";
import { addContext } from "./app-commands.ts";
import type { CiInitRequest } from "./commands/ci.ts";
import type { ShowPreviewRequest } from "./commands/preview.ts";
import type { Output } from "./output.ts";
import { addTemplateOptions, tagOption } from "./plan-options.ts";
import { addReportOptions } from "./report-options.ts";
import { addCostOptions, addPolicyOptions, type PolicyOptions } from "./review-options.ts";
import { sessionFor, type CommonOptions } from "./session-options.ts";

const WHAT = "a template; a folder with an app or Terraform's files; stacks of its app; -- -var=... for Terraform";

/** The commands for changes that nobody has merged yet. */
export function addPreviewCommands(program: Command, output: (options: CommonOptions) => Output): void {
  const preview = program.command("preview").description("what merging a change would do, on a fork that is dropped");
  addReportOptions(addPolicyOptions(addCostOptions(addContext(addTemplateOptions(preview)))))
    .addOption(tagOption())
    .argument("[what...]", WHAT)
    .option("--base <ref>", "what the change is merged into; default: what CI says, or main")
    .option("--head <ref>", "the change; default: the files as they are")
    .option("--from <state>", "begin with a snapshot, a data directory or a state of Terraform; default: the base")
    .option("--state <name>", "of Terraform: which of the recorded states; default: the only one")
    .option("--apply", "deploy it on the fork, and tell what fails")
    .option("--detailed-exitcode", "exit 2 when there are changes")
    .action(async (words: string[], _options, command: Command) => {
      const options = command.optsWithGlobals<
        CommonOptions & Omit<ShowPreviewRequest, "words" | "toolArguments">
      >();
      const { showPreview } = await import("./commands/preview.ts");
      const toolArguments = words.filter((word) => word.startsWith("-"));
      const subject = words.filter((word) => !word.startsWith("-"));
      await showPreview(output(options), sessionFor(options), { ...options, words: subject, toolArguments });
    });
  addCiCommands(program, output);
}

function addCiCommands(program: Command, output: (options: CommonOptions) => Output): void {
  const ci = program.command("ci").description("previews where changes are proposed");
  ci.command("init")
    .description("write the files that preview every proposed change")
    .argument("[what...]", "what to preview, as cloudstack preview takes it")
    .option("--github", "a workflow of GitHub Actions: .github/workflows/preview.yml")
    .option("--gitlab", "a job of GitLab CI: .gitlab/preview.yml")
    .option("--pre-commit", "a hook that checks templates: .pre-commit-config.yaml")
    .option("--overwrite", "write over files that are there")
    .action(async (what: string[], _options, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions & Omit<CiInitRequest, "what">>();
      const { initCi } = await import("./commands/ci.ts");
      initCi(output(options), { ...options, what });
    });
  addPolicyOptions(ci.command("lint").description("validate and check the templates among files: for pre-commit"))
    .argument("<files...>", "those that are no templates are passed over")
    .action(async (files: string[], _options, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions & PolicyOptions>();
      const { lint } = await import("./commands/lint.ts");
      await lint(output(options), sessionFor(options), { ...options, files });
    });
  ci.command("comment")
    .description("post a preview as the one comment of the change that CI runs for, or update that")
    .requiredOption("--file <file>", "what cloudstack preview --out-file preview.md wrote")
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions & { file: string }>();
      const { postCiComment } = await import("./commands/ci.ts");
      await postCiComment(output(options), options.file);
    });
}
