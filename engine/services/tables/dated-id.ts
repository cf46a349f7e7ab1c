import type { OperationContext } from "../context.ts";

/** The name of a backup, an export or an import: its time comes first, so that they follow one another. */
export const datedId = (ctx: OperationContext): string =>
  `${String(ctx.clock.nowMs()).padStart(14, "0")}-${ctx.ids.hex(8)}`;
