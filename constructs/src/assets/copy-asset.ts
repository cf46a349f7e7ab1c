import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import type { Fingerprint } from "./fingerprint.ts";

/** Where an asset stands in the output folder. */
export const assetPath = ({ hash, kind, path }: Fingerprint): string =>
  `asset.${hash}${kind === "directory" ? "" : extname(path)}`;

/** Copies an asset to the output folder, unless it is there: a copy takes its name when it is whole. */
export function copyAsset(asset: Fingerprint, folder: string): void {
  const target = join(folder, assetPath(asset));
  if (existsSync(target)) return;
  const unfinished = `${target}.part`;
  rmSync(unfinished, { recursive: true, force: true });
  if (asset.kind === "file") copyFileSync(asset.path, unfinished);
  else {
    mkdirSync(unfinished, { recursive: true });
    for (const file of asset.files) {
      const copy = join(unfinished, file);
      mkdirSync(dirname(copy), { recursive: true });
      copyFileSync(join(asset.path, file), copy);
    }
  }
  renameSync(unfinished, target);
}
