/** What a stack can be written as. */
export const EXPORT_LANGUAGES = ["yaml", "cloudformation", "terraform", "typescript"] as const;
export type ExportLanguage = (typeof EXPORT_LANGUAGES)[number];

/** An export as it is written to a folder. */
export interface WrittenExport {
  /** Texts by their path from that folder. */
  readonly files: Readonly<Record<string, string>>;
  /** What whoever uses it must know, in whole sentences. */
  readonly notes: readonly string[];
}
