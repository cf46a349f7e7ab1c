import { defineErrors } from "../errors.ts";

/** Nothing that exists here can fail yet. */
export const errors = defineErrors({});
