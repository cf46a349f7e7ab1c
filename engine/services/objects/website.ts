import type { Redirect, Website } from "./rules.ts";

/** Where a website's visitor is sent on to. Absent parts are those of the visitor's own request. */
export interface Onward {
  readonly host?: string;
  readonly protocol?: string;
  readonly status: number;
  readonly key?: string;
}

/** The key that a path of the website stands for: a folder's is its index page. */
export const pageKeyOf = (site: Website, path: string): string =>
  path === "" || path.endsWith("/") ? path + (site.indexSuffix ?? "") : path;

function onwardOf(to: Redirect, key: string, whenPrefix: string | undefined): Onward {
  const moved = to.key ?? (to.keyPrefix === undefined ? key : to.keyPrefix + key.slice((whenPrefix ?? "").length));
  return {
    status: to.status ?? 301,
    key: moved,
    ...(to.host !== undefined && { host: to.host }),
    ...(to.protocol !== undefined && { protocol: to.protocol }),
  };
}

/** Where the routing rules send a visitor of `key`; `status` is the error that was met, if any. */
export function onwardFrom(site: Website, key: string, status?: number): Onward | undefined {
  for (const { whenPrefix, whenStatus, to } of site.redirects) {
    if (whenStatus !== status) continue;
    if (whenPrefix === undefined || key.startsWith(whenPrefix)) return onwardOf(to, key, whenPrefix);
  }
  return undefined;
}
