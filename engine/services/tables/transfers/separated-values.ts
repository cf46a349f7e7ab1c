/** Rows of values between delimiters; a quoted value may hold delimiters, line breaks and doubled quotes. */
class RowReader {
  private readonly delimiter: string;
  private row: string[] = [];
  private value = "";
  private isQuoted = false;
  /** A quote was seen within a quoted value: its end, or the first of two. */
  private hasPendingQuote = false;
  private isEmpty = true;

  constructor(delimiter: string) {
    this.delimiter = delimiter;
  }

  /** The rows that `text` completes. */
  read(text: string): string[][] {
    const rows: string[][] = [];
    for (const character of text) {
      const row = this.take(character);
      if (row) rows.push(row);
    }
    return rows;
  }

  /** The last row, where no line break ends it. */
  rest(): string[][] {
    return this.isEmpty ? [] : [this.endRow()];
  }

  private take(character: string): string[] | undefined {
    if (this.hasPendingQuote) {
      this.hasPendingQuote = false;
      this.isQuoted = character === '"';
    } else if (this.isQuoted) {
      if (character === '"') this.hasPendingQuote = true;
      else this.value += character;
      return undefined;
    }
    if (character === "\n") return this.isEmpty ? undefined : this.endRow();
    if (character === "\r" && !this.isQuoted) return undefined;
    this.isEmpty = false;
    if (character === this.delimiter && !this.isQuoted) this.endValue();
    else if (character === '"' && !this.isQuoted && this.value === "") this.isQuoted = true;
    else this.value += character;
    return undefined;
  }

  private endValue(): void {
    this.row.push(this.value);
    this.value = "";
  }

  private endRow(): string[] {
    this.endValue();
    const { row } = this;
    this.row = [];
    this.isEmpty = true;
    this.isQuoted = false;
    this.hasPendingQuote = false;
    return row;
  }
}

/** The rows of a text that comes in pieces. Empty lines are left out. */
export async function* rowsOf(text: AsyncIterable<string>, delimiter: string): AsyncIterable<readonly string[]> {
  const reader = new RowReader(delimiter);
  for await (const piece of text) yield* reader.read(piece);
  yield* reader.rest();
}
