import { existsSync } from "node:fs";
import { DEFAULT_SCOPE } from "../../services/context.ts";
import { clientEnvironment } from "../../gateway/client-environment.ts";
import { type ForkFacts, MAIN } from "../../gateway/forks/fork-facts.ts";
import { authorityFile } from "../../gateway/trust.ts";
import { directoryOwner } from "../../kernel/directory-owner.ts";
import { isProcessAlive } from "../../platform/processes.ts";
import { Failure } from "../failure.ts";
import { PORT } from "../options.ts";
import type { Output } from "../output.ts";
import { callRemote } from "../remote.ts";
import { requireSecretKey } from "../secret-key.ts";
import type { SessionOptions } from "../session.ts";
import { shellWord } from "../text/shell-word.ts";

/**
 * `eval "$(cloudstack env)"`: for the engine that is named, or the server of the data directory, or where one would
 * serve. Errors: `Failure` when that server checks signatures and no secret key is given
 */
export async function printEnvironment(
  output: Output,
  options: SessionOptions,
  named: string | undefined,
): Promise<void> {
  const { account = DEFAULT_SCOPE.account, region = DEFAULT_SCOPE.region, dataDirectory } = options;
  const owner = directoryOwner(dataDirectory);
  const serving = owner !== undefined && isProcessAlive(owner.pid) ? owner.endpoint : undefined;
  const asked = named ?? options.endpoint ?? serving ?? `http://127.0.0.1:${PORT}`;
  if (asked === serving) await requireSecretKey(serving, options.secretKey);
  const endpoint = options.fork === undefined ? asked : await portOf(options.fork, asked);
  const authority = authorityFile(dataDirectory);
  const variables = clientEnvironment(
    endpoint,
    { account, region },
    { authority: existsSync(authority) ? authority : undefined, secretKey: options.secretKey },
  );
  output.answer(variables, () =>
    Object.entries(variables)
      .map(([name, value]) => `export ${name}=${shellWord(value)}`)
      .join("\n"),
  );
}

/** Where a fork is served by itself, since the tools that the variables are for name none. */
async function portOf(fork: string, asked: string): Promise<string> {
  if (fork === MAIN) return asked;
  const { forks } = (await callRemote(asked, { name: "forkList", input: {} }, () => undefined)) as {
    readonly forks: readonly ForkFacts[];
  };
  const endpoint = forks.find(({ name }) => name === fork)?.endpoint;
  if (endpoint !== undefined) return endpoint;
  throw new Failure(`The fork "${fork}" has no port of its own at ${asked}.`, [`cloudstack fork ${fork} --port 0`]);
}
