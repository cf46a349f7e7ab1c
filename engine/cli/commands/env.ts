import { existsSync } from "node:fs";
import { DEFAULT_SCOPE } from "../../services/context.ts";
import { clientEnvironment } from "../../gateway/client-environment.ts";
import { authorityFile } from "../../gateway/trust.ts";
import { directoryOwner } from "../../kernel/directory-lock.ts";
import { isProcessAlive } from "../../platform/processes.ts";
import { PORT } from "../options.ts";
import type { Output } from "../output.ts";
import type { SessionOptions } from "../session.ts";

/**
 * `eval "$(cloudstack env)"`: for the engine that is named, or the server of the data directory, or where one would
 * serve.
 */
export function printEnvironment(output: Output, options: SessionOptions, named: string | undefined): void {
  const { account = DEFAULT_SCOPE.account, region = DEFAULT_SCOPE.region, dataDirectory } = options;
  const owner = directoryOwner(dataDirectory);
  const serving = owner !== undefined && isProcessAlive(owner.pid) ? owner.endpoint : undefined;
  const endpoint = named ?? options.endpoint ?? serving ?? `http://127.0.0.1:${PORT}`;
  const authority = authorityFile(dataDirectory);
  const variables = clientEnvironment(endpoint, { account, region }, existsSync(authority) ? authority : undefined);
  output.answer(variables, () =>
    Object.entries(variables)
      .map(([name, value]) => `export ${name}=${value}`)
      .join("\n"),
  );
}
