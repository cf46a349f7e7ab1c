export const TARGETS = ["cloudstacks", "cloudformation", "terraform"] as const;
export type Target = (typeof TARGETS)[number];

/** Errors: a name that is none of a target. */
export function targetNamed(name: string | undefined): Target {
  if (name === undefined) return "cloudstacks";
  const target = TARGETS.find((each) => each === name);
  if (!target) throw new Error(`there is no target "${name}": ${TARGETS.join(", ")}`);
  return target;
}
