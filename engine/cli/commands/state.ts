import { confirm } from "../confirm.ts";
import type { Output } from "../output.ts";
import { openSession, type SessionOptions } from "../session.ts";

/** Deletes everything. */
export async function reset(output: Output, options: SessionOptions, isConfirmed: boolean): Promise<void> {
  const session = await openSession(options);
  try {
    const where = session.endpoint ?? options.dataDirectory;
    if (!isConfirmed && !(await confirm(`Delete everything that ${where} holds?`)))
      return output.note("nothing was deleted");
    await session.run("reset", {});
    output.answer({ reset: where }, () => `${where} is empty`);
  } finally {
    await session.close();
  }
}
