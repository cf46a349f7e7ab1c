import type { AnyResourceType } from "../resource-type.ts";

/** Prices are read, not declared. */
export const resources: readonly AnyResourceType[] = [];
