import { resolve } from "node:path";
import { openEngine } from "../../compose.ts";
import { MAIN } from "../../gateway/forks/fork-facts.ts";
import { restoreState } from "../../gateway/state.ts";
import { SnapshotRefused } from "../../kernel/snapshot-format.ts";
import { confirm } from "../confirm.ts";
import { Failure } from "../failure.ts";
import type { Output } from "../output.ts";
import { openSession, type SessionOptions } from "../session.ts";

/** Writes the whole state to one file. */
export async function save(output: Output, options: SessionOptions, file: string): Promise<void> {
  const session = await openSession(options);
  try {
    const saved = await session.run("snapshotSave", { file: resolve(file) });
    output.answer(saved, () => `saved ${saved.file}`);
  } finally {
    await session.close();
  }
}

/** Replaces the whole state by a snapshot's; nobody may use it meanwhile, so not through a server. */
export async function restore(output: Output, options: SessionOptions, file: string): Promise<void> {
  if (options.fork !== undefined && options.fork !== MAIN)
    throw new Failure("A snapshot is not restored into a fork.", [
      `A fork is made of a snapshot: cloudstack fork NAME --from ${file}`,
      "cloudstack --fork main snapshot restore restores what the fork was made of.",
    ]);
  const engine = await openEngine({ ...options, acceptsHalfRestored: true });
  try {
    const restored = await restoreState(engine, resolve(file));
    output.answer(restored, () => `restored ${restored.file} into ${options.dataDirectory}`);
  } catch (problem) {
    throw problem instanceof SnapshotRefused
      ? new Failure(problem.message, ["cloudstack snapshot save FILE writes one."], problem)
      : problem;
  } finally {
    await engine.close();
  }
}

/** Deletes everything. */
export async function reset(output: Output, options: SessionOptions, isConfirmed: boolean): Promise<void> {
  const session = await openSession({ ...options, acceptsHalfRestored: true });
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
