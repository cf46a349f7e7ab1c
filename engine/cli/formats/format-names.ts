/** What every command writes its answer in. */
export const ANSWER_FORMATS = ["text", "json", "yaml"] as const;
export type AnswerFormat = (typeof ANSWER_FORMATS)[number];

/** What a report is written in beside these. */
export const DOCUMENT_FORMATS = ["markdown", "sarif", "junit", "html", "mermaid", "dot"] as const;
export type DocumentFormat = (typeof DOCUMENT_FORMATS)[number];

export const FORMATS = [...ANSWER_FORMATS, ...DOCUMENT_FORMATS] as const;
export type Format = (typeof FORMATS)[number];

export const isDocumentFormat = (format: Format): format is DocumentFormat =>
  (DOCUMENT_FORMATS as readonly Format[]).includes(format);

/** How the names of files end. */
export const FILE_ENDINGS: Readonly<Record<string, Exclude<Format, "text">>> = {
  ".json": "json",
  ".yaml": "yaml",
  ".yml": "yaml",
  ".md": "markdown",
  ".sarif": "sarif",
  ".sarif.json": "sarif",
  ".xml": "junit",
  ".html": "html",
  ".mmd": "mermaid",
  ".dot": "dot",
};

/** The format that a file's name tells; undefined when it tells none. */
export function formatOfFile(name: string): Exclude<Format, "text"> | undefined {
  const endings = Object.keys(FILE_ENDINGS).filter((ending) => name.toLowerCase().endsWith(ending));
  const [longest] = endings.sort((a, b) => b.length - a.length);
  return longest === undefined ? undefined : FILE_ENDINGS[longest];
}
