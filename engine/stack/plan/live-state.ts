import type { ResourceState } from "../../services/resource-type.ts";
import type { Value } from "../expressions/value.ts";

/** A resource as its handler reports it. */
export type LiveState = ResourceState<{ readonly [name: string]: Value }, { readonly [name: string]: Value }>;
