import type { AnyResourceType } from "../resource-type.ts";

/** None: states are made by the tools that keep them here. */
export const resources: readonly AnyResourceType[] = [];
