import type { AnyResourceType } from "../resource-type.ts";

/** None of its own: clouds' types are made of it. */
export const resources: readonly AnyResourceType[] = [];
