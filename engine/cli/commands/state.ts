import { resolve } from "node:path";
import { confirm } from "../confirm.ts";
import type { Output } from "../output.ts";
import { openSession, type SessionOptions } from "../session.ts";

/** Writes the whole state to one file. */
export async function save(output: Output, options: SessionOptions, file: string): Promise<void> {
  const session = await openSession(options);
  try {
    const saved = await session.run("snapshotSave", { file: resolve(file) });
    output.answer(saved, () => `saved ${saved.records} records and ${saved.blobs} bodies to ${saved.file}`);
  } finally {
    await session.close();
  }
}

/** Replaces the whole state by a snapshot's. A damaged file changes nothing. */
export async function restore(output: Output, options: SessionOptions, file: string): Promise<void> {
  const session = await openSession(options);
  try {
    const restored = await session.run("snapshotRestore", { file: resolve(file) });
    output.answer(restored, () => `restored ${restored.records} records and ${restored.blobs} bodies from ${restored.file}`);
  } finally {
    await session.close();
  }
}

/** Deletes everything. */
export async function reset(output: Output, options: SessionOptions, isConfirmed: boolean): Promise<void> {
  const session = await openSession(options);
  try {
    const where = session.endpoint ?? options.dataDirectory;
    if (!isConfirmed && !await confirm(`Delete everything that ${where} holds?`)) return output.note("nothing was deleted");
    await session.run("reset", {});
    output.answer({ reset: where }, () => `${where} is empty`);
  } finally {
    await session.close();
  }
}
