import fc from "fast-check";
import { expect, test } from "vitest";
import { recordsWithin, type ScanRange } from "./scan-range.ts";

async function* inPieces(bytes: Buffer, pieceBytes: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}

async function found(text: string, delimiter: string, pieceBytes: number, range: ScanRange): Promise<string> {
  const bytes = Buffer.from(text);
  const wanted = { range, sizeBytes: bytes.length, delimiter, hasHeader: false };
  const parts: Uint8Array[] = [];
  for await (const part of recordsWithin(inPieces(bytes, pieceBytes), wanted)) parts.push(part);
  return Buffer.concat(parts).toString();
}

test("ranges side by side read every record once, however the bytes come", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom("", "a", "bc", "é"), { maxLength: 12 }),
      fc.constantFrom("\n", "||"),
      fc.integer({ min: 1, max: 7 }),
      fc.integer({ min: 1, max: 9 }),
      async (records, delimiter, pieceBytes, rangeBytes) => {
        const text = records.join(delimiter);
        const parts: string[] = [];
        for (let start = 0; start <= Buffer.byteLength(text); start += rangeBytes)
          parts.push(await found(text, delimiter, pieceBytes, { start, end: start + rangeBytes - 1 }));
        expect(parts.join("")).toBe(text);
      },
    ),
  );
});
