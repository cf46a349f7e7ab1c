/** A piece of a text for people: lines and columns from 1, `endColumn` exclusive. */
export interface SourceRange {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** The nested template it is in; that of the caller when there is none. */
  readonly file?: string;
  /** The program that made the template, by its path: line and column are of that, where a resource is made. */
  readonly program?: string;
}
