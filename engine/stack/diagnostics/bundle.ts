/**
 * A template and the templates nested in it, as one text: each nested one is a further YAML document whose first line
 * is `--- # template: NAME`. So what is kept of a stack, and what a plan was made from, is one text still.
 */
export interface BundledDocument {
  /** The path or URL that it is nested by; undefined for the template itself. */
  readonly name?: string;
  readonly text: string;
  /** Where it begins in the whole text. */
  readonly start: number;
}

const HEADER = /^--- # template: (.+)\n/gm;

export function documentsOf(text: string): readonly [BundledDocument, ...BundledDocument[]] {
  const headers = text.includes("--- # template: ") ? [...text.matchAll(HEADER)] : [];
  const endOf = (index: number) => headers[index]?.index ?? text.length;
  const nested = headers.map((header, index): BundledDocument => {
    const start = header.index + header[0].length;
    return { name: header[1] ?? "", start, text: text.slice(start, endOf(index + 1)) };
  });
  return [{ start: 0, text: text.slice(0, endOf(0)) }, ...nested];
}

/** The same with more documents. */
export function bundled(text: string, nested: ReadonlyMap<string, string>): string {
  return [...nested].reduce(
    (whole, [name, content]) => `${whole}${whole.endsWith("\n") ? "" : "\n"}--- # template: ${name}\n${content}`,
    text,
  );
}

/** What a name means where it stands: paths are relative to the template that names them, URLs are what they are. */
export function resolvedName(from: string | undefined, name: string): string {
  if (isUrl(name)) return name;
  const base = from === undefined || isUrl(from) ? [] : from.split("/").slice(0, -1);
  const steps: string[] = [];
  for (const step of [...base, ...name.split("/")]) {
    if (step === "" || step === ".") continue;
    if (step === ".." && steps.length > 0 && steps.at(-1) !== "..") steps.pop();
    else steps.push(step);
  }
  return steps.join("/");
}

export const isUrl = (name: string): boolean => /^[a-z][a-z0-9+.-]*:\/\//i.test(name);
