/** `*` stands for any text, `?` for any sign. */
export function matchesPattern(pattern: string, text: string): boolean {
  const source = [...pattern].map((sign) => (sign === "*" ? ".*" : sign === "?" ? "." : escapeSign(sign)));
  return new RegExp(`^${source.join("")}$`, "s").test(text);
}
const escapeSign = (sign: string): string => (/[.\\+^$()[\]{}|]/.test(sign) ? `\\${sign}` : sign);
