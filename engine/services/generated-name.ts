import type { ResourceContext } from "./resource-type.ts";

const SUFFIX_DIGITS = 8;

/**
 * The name of a resource whose template gives none: `<stack>-<logicalId>-<random>`, in lower case so that it suits
 * every service.
 */
export function generatedName(ctx: ResourceContext): string {
  const suffix = ctx.ids.hex(SUFFIX_DIGITS);
  return ctx.owner ? `${ctx.owner.stack}-${ctx.owner.logicalId}-${suffix}`.toLowerCase() : suffix;
}

/**
 * The name after an update: the one stated; the one it has when none was ever stated; a fresh one when it is stated no
 * longer, so that a template without a name means the same whatever was deployed before it.
 */
export function nameAfterUpdate(
  stated: string | undefined,
  previouslyStated: string | undefined,
  current: string,
  ctx: ResourceContext,
): string {
  if (stated !== undefined) return stated;
  return previouslyStated === undefined ? current : generatedName(ctx);
}
