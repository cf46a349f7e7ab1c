import type { AnyResourceType } from "../../../services/resource-type.ts";

export const resources: readonly AnyResourceType[] = [];
