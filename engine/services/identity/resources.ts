import type { AnyResourceType } from "../resource-type.ts";

/** Users, roles and policies come with the identity service's full depth. */
export const resources: readonly AnyResourceType[] = [];
