import type { AnyResourceType } from "../../../services/resource-type.ts";

/** A stream is a setting of its table, never a resource of its own. */
export const resources: readonly AnyResourceType[] = [];
