import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const FILE = join(import.meta.dirname, "RESULTS.md");

/** Replaces one section of RESULTS.md, or adds it; what other benches wrote stays. */
export function writeSection(title: string, text: string): void {
  const written = existsSync(FILE) ? readFileSync(FILE, "utf8") : "# Figures\n";
  const [head = "", ...sections] = written.split(/^(?=## )/m);
  const others = sections.filter((section) => !section.startsWith(`## ${title}\n`));
  const all = [head, ...others, `## ${title}\n\n${text}\n`];
  writeFileSync(FILE, `${all.map((section) => section.trim()).join("\n\n")}\n`);
}
