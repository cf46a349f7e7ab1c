import type { AnyResourceType } from "../resource-type.ts";

export const resources: readonly AnyResourceType[] = [];
