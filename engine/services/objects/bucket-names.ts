const NAME_FORM = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const ADDRESS_FORM = /^\d{1,3}(\.\d{1,3}){3}$/;
const RESERVED_PREFIXES = ["xn--", "sthree-", "amzn-s3-demo-"];
const RESERVED_SUFFIXES = ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"];

/** Why `name` cannot name a bucket, or undefined when it can. */
export function faultOfBucketName(name: string): string | undefined {
  if (name.length < 3 || name.length > 63) return "it must have 3 to 63 characters";
  if (!NAME_FORM.test(name))
    return "it may hold lower-case letters, digits, dots and hyphens, and begins and ends with a letter or digit";
  if (name.includes("..")) return "two dots stand side by side";
  if (ADDRESS_FORM.test(name)) return "it looks like an IP address";
  if (RESERVED_PREFIXES.some((prefix) => name.startsWith(prefix))) return "its beginning is reserved";
  if (RESERVED_SUFFIXES.some((suffix) => name.endsWith(suffix))) return "its end is reserved";
  return undefined;
}
