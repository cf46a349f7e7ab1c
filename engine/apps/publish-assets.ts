import { existsSync, readFileSync } from "node:fs";
import type { Scope } from "../services/context.ts";
import { AssemblyProblem, type Asset } from "./assembly.ts";
import { zippedDirectory } from "./zip-directory.ts";

/** Calls an operation of the service for objects. */
export type ObjectCall = (operation: string, input: object, body?: Uint8Array) => Promise<unknown>;

/** The bucket of an asset where it is deployed. */
const bucketIn = ({ bucket }: Asset, { account, region }: Scope): string =>
  bucket.replaceAll("${AWS::AccountId}", account).replaceAll("${AWS::Region}", region);

function bodyOf({ path, isZipped }: Asset): Buffer {
  if (!existsSync(path)) throw new AssemblyProblem(`The asset ${path} is not there.`, ["Synthesize again."]);
  return isZipped ? zippedDirectory(path) : readFileSync(path);
}

/**
 * Puts files where a stack will look for them, in buckets that are made when they are not there. The same asset again
 * is put again: its key is the hash of what it holds, so that nothing changes by it.
 */
export async function publishAssets(assets: readonly Asset[], scope: Scope, call: ObjectCall): Promise<void> {
  for (const asset of assets) {
    const bucket = bucketIn(asset, scope);
    await call("createBucket", { bucket, acceptsOwned: true });
    await call("putObject", { bucket, key: asset.key }, bodyOf(asset));
  }
}
