import { closeSync, existsSync, openSync, readFileSync, readSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { composeEngine, openEngine } from "../../compose.ts";
import type { Engine } from "../../gateway/engine.ts";
import { restoreState } from "../../gateway/state.ts";
import { DirectoryInUse } from "../../kernel/directory-lock.ts";
import { directoryOwner } from "../../kernel/directory-owner.ts";
import { memoryBlobStore } from "../../kernel/memory-blobs.ts";
import { memoryStore } from "../../kernel/memory.ts";
import { SnapshotRefused } from "../../kernel/snapshot-format.ts";
import { createLog } from "../../platform/log.ts";
import { seededRandom } from "../../platform/random.ts";
import { Failure } from "../failure.ts";
import type { StorageOptions } from "../options.ts";
import { callRemote } from "../remote.ts";
import type { Places } from "./versions.ts";

/** The state that a preview begins with. */
export interface RecordedState {
  readonly engine: Engine;
  /** `snapshot shop.snapshot`; undefined when it is that of a commit, deployed for this preview. */
  readonly name?: string;
}

const STORE_FILE = "store.sqlite";

/** Ids are the same in every run, so that a comment changes only with what it tells of. */
const SEED = 1;

/** An engine with nothing in it, kept in memory. */
export async function emptyState(): Promise<RecordedState> {
  const log = createLog("error");
  const random = seededRandom(SEED);
  const engine = composeEngine({ store: memoryStore(), blobs: memoryBlobStore(), random, log });
  await engine.start();
  return { engine };
}

const EXAMPLES = [
  "--from takes a file that cloudstack snapshot save wrote, its address (http:// or https://), or a data directory;",
  "of Terraform also the file or the address of its own state.",
];

/** Where a state is: a file, a folder, or what an address has answered, in a file. */
export interface StatePlace {
  readonly path: string;
  /** As the user calls it. */
  readonly name: string;
}

/** Errors: `Failure` when there is nothing */
export async function statePlace(from: string, { directory, folder }: Places): Promise<StatePlace> {
  if (/^https?:\/\//.test(from)) return { path: await fetched(from, folder), name: shownAddress(from) };
  const path = resolve(directory, from);
  if (!existsSync(path)) throw new Failure(`There is no file and no folder ${from}.`, EXAMPLES);
  return { path, name: from };
}

/**
 * Opens what was recorded: a snapshot, or a data directory, which is left as it is, byte for byte.
 * Errors: `Failure`
 */
export async function openState(
  place: StatePlace,
  { folder }: Pick<Places, "folder">,
  options: StorageOptions,
): Promise<RecordedState> {
  const { path, name } = place;
  if (!statSync(path).isDirectory()) return restored(path, `snapshot ${name}`);
  if (!existsSync(join(path, STORE_FILE)))
    throw new Failure(`${name} is no data directory: it has no ${STORE_FILE}.`, EXAMPLES);
  return openDirectory(place, folder, options);
}

/** A state that Terraform itself has written; undefined when it is something else. */
export function terraformStateIn({ path }: StatePlace): string | undefined {
  return statSync(path).isFile() && firstByteOf(path) === "{" ? readFileSync(path, "utf8") : undefined;
}

function firstByteOf(file: string): string {
  const handle = openSync(file, "r");
  try {
    const byte = Buffer.alloc(1);
    readSync(handle, byte, 0, 1, 0);
    return byte.toString();
  } finally {
    closeSync(handle);
  }
}

/** What stands behind a question mark is often a signature. */
const shownAddress = (address: string): string => address.replace(/[?#].*$/, "").replace(/\/\/[^/@]*@/, "//");

/** Fetches into a file. A user name and a password in the address are those of basic authentication. */
async function fetched(address: string, folder: string): Promise<string> {
  const shown = shownAddress(address);
  const url = new URL(address);
  const { username, password } = url;
  url.username = url.password = "";
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const authorization = `Basic ${Buffer.from(credentials).toString("base64")}`;
  const answer = await fetch(url, { headers: username === "" ? {} : { authorization } }).catch((problem: Error) => {
    throw new Failure(`${shown} cannot be read: ${(problem.cause as Error | undefined)?.message ?? problem.message}`);
  });
  if (!answer.ok) throw new Failure(`${shown} cannot be read: ${answer.status} ${answer.statusText}`.trim());
  const file = join(folder, "fetched");
  writeFileSync(file, Buffer.from(await answer.arrayBuffer()));
  return file;
}

async function restored(file: string, name: string): Promise<RecordedState> {
  const { engine } = await emptyState();
  try {
    await restoreState(engine, file);
  } catch (problem) {
    await engine.close();
    throw problem instanceof SnapshotRefused ? new Failure(problem.message, EXAMPLES, problem) : problem;
  }
  return { engine, name };
}

/** A directory that a server serves gives its state as a snapshot. */
async function openDirectory(place: StatePlace, folder: string, options: StorageOptions): Promise<RecordedState> {
  const { path: dataDirectory, name } = place;
  try {
    const storage = { ...options, dataDirectory, store: "sqlite", logLevel: "error" } as const;
    return { engine: await openEngine({ ...storage, isStill: true }), name };
  } catch (problem) {
    if (!(problem instanceof DirectoryInUse)) throw problem;
    const endpoint = directoryOwner(dataDirectory)?.endpoint;
    if (endpoint === undefined) throw new Failure(problem.message, ["Wait for the other command to end."], problem);
    const file = join(folder, "served.snapshot");
    await callRemote(endpoint, { name: "snapshotSave", input: { file } }, () => undefined);
    return restored(file, `${name} (served by ${endpoint})`);
  }
}
