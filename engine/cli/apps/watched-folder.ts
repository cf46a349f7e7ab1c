import { readdirSync, watch, type FSWatcher } from "node:fs";
import { join } from "node:path";

/** What tools write, and nobody edits. */
const IGNORED = new Set(["node_modules", "__pycache__", "dist", "coverage"]);

/** How long nothing more must happen: editors write a file in several steps. */
const QUIET_MS = 100;

const nobodyWaits = () => undefined;

export interface WatchedFolder {
  /** Resolves after something changed since the last call, once it is quiet; false when the watching has ended. */
  changed(): Promise<boolean>;
  end(): void;
}

/**
 * Watches a folder and those in it: each by itself, because watching a tree at once would watch every file of
 * `node_modules`. Hidden folders, and those of `except` (absolute), are left out.
 */
export function watchFolder(root: string, except: readonly string[]): WatchedFolder {
  const watchers = new Map<string, FSWatcher>();
  let isChanged = false;
  let isEnded = false;
  let wake: () => void = nobodyWaits;
  let timer: NodeJS.Timeout | undefined;
  const touched = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      isChanged = true;
      wake();
    }, QUIET_MS);
  };
  const isWatched = (name: string, path: string) =>
    !name.startsWith(".") && !IGNORED.has(name) && !except.includes(path);
  const add = (folder: string): void => {
    if (watchers.has(folder)) return;
    const watcher = watch(folder, (_kind, name) => {
      if (name === null || !isWatched(name, join(folder, name))) return;
      addBelow(folder);
      touched();
    });
    watchers.set(folder, watcher);
    watcher.on("error", () => {
      // The folder is gone; its own folder tells that.
      watcher.close();
      watchers.delete(folder);
    });
    addBelow(folder);
  };
  const addBelow = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && isWatched(entry.name, path)) add(path);
    }
  };
  add(root);
  return {
    async changed() {
      while (!isChanged && !isEnded) await new Promise<void>((resolve) => (wake = resolve));
      isChanged = false;
      return !isEnded;
    },
    end() {
      isEnded = true;
      clearTimeout(timer);
      for (const watcher of watchers.values()) watcher.close();
      wake();
    },
  };
}
