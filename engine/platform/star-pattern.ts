/** The expression of a pattern in which `*` stands for any text and every other letter for itself. Pure. */
export function starPattern(pattern: string, flags: string): RegExp {
  const parts = pattern.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, flags);
}
