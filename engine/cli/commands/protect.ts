import { parse, stringify } from "yaml";
import type { StackPolicy } from "../../stack/plan/stack-policy.ts";
import { Failure } from "../failure.ts";
import { readGivenFile } from "../given-file.ts";
import type { Output } from "../output.ts";
import type { SessionOptions } from "../session.ts";
import { showDiagnostics, withSession } from "./with-session.ts";

export async function protect(
  output: Output,
  options: SessionOptions,
  { stack, isProtected }: { readonly stack: string; readonly isProtected: boolean },
): Promise<void> {
  await withSession(options, async (session) => {
    const { diagnostics } = await session.run("protect", { stack, isProtected });
    if (showDiagnostics(output, diagnostics, "") && output.format === "text") return;
    output.answer({ stack, isProtected, diagnostics }, () =>
      isProtected ? `${stack} is protected from being destroyed` : `${stack} is no longer protected`,
    );
  });
}

export async function policy(
  output: Output,
  options: SessionOptions,
  request: { readonly stack: string; readonly file?: string | undefined; readonly isRemoved: boolean },
): Promise<void> {
  const { stack, file, isRemoved } = request;
  if (file !== undefined && isRemoved)
    throw new Failure("A policy is set or removed, not both.", ["Give a FILE or --remove."]);
  const given = file === undefined ? undefined : readPolicy(file);
  await withSession(options, async (session) => {
    if (!given && !isRemoved) {
      const { exists, policy: found } = await session.run("policy", { stack });
      if (!exists) throw new Failure(`There is no stack "${stack}".`, ["cloudstack stacks lists them."]);
      return output.answer({ stack, policy: found ?? null }, () =>
        found ? stringify(found) : `${stack} has no policy: updates may change everything`,
      );
    }
    const { diagnostics } = await session.run("setPolicy", { stack, ...(given && { policy: given }) });
    if (showDiagnostics(output, diagnostics, "") && output.format === "text") return;
    output.answer({ stack, policy: given ?? null, diagnostics }, () =>
      given ? `${stack} has the policy of ${file}` : `${stack} has no policy any more`,
    );
  });
}

/** JSON is YAML too. Whether it is a policy is for the engine to say. */
function readPolicy(file: string): StackPolicy {
  const text = readGivenFile(file, "Give a file with JSON or YAML.");
  try {
    return parse(text) as StackPolicy;
  } catch (problem) {
    throw new Failure(
      `${file} cannot be read as a policy: ${(problem as Error).message}`,
      ["Give a file with JSON or YAML."],
      problem,
    );
  }
}
