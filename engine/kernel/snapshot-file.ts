import { createHash } from "node:crypto";
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import {
  DIGEST_BYTES, KINDS, MAGIC, mustBeSnapshot, SECTION_BYTES_MAX, SnapshotRefused, type Kind,
} from "./snapshot-format.ts";
import { StoreUnavailable } from "./store.ts";

const HEAD_BYTES = 5;

/** Where a section lies; its digest follows its payload. */
export interface SectionPlace {
  readonly kind: Kind;
  readonly payloadAt: number;
  readonly payloadBytes: number;
}

/**
 * A snapshot's file, open for reading in any order. Opening reads where each section begins and its digest, and no
 * payload: 37 bytes for a mebibyte. A payload is held against its digest when it is read.
 */
export class SnapshotFile {
  readonly sections: readonly SectionPlace[];
  /** The same for the same content, whatever the file is called. */
  readonly fingerprint: string;
  private readonly file: string;
  private readonly fd: number;

  /** Errors: `SnapshotRefused` for a file that is missing, cut off, or no snapshot */
  constructor(file: string) {
    this.file = file;
    this.fd = open(file);
    try {
      mustBeSnapshot(file, this.bytes(0, MAGIC.length).toString("latin1"));
      const { sections, fingerprint } = this.survey(fstatSync(this.fd).size);
      this.sections = sections;
      this.fingerprint = fingerprint;
    } catch (problem) {
      this.close();
      throw problem;
    }
  }

  private survey(sizeBytes: number): { sections: SectionPlace[]; fingerprint: string } {
    const digests = createHash("sha256");
    const sections: SectionPlace[] = [];
    let next = this.head(MAGIC.length);
    for (; next.kind !== "end"; next = this.head(sections.at(-1) as SectionPlace)) {
      const end = next.payloadAt + next.payloadBytes + DIGEST_BYTES;
      if (end > sizeBytes) throw this.refused("it ends too early");
      sections.push(next);
      digests.update(this.bytes(end - DIGEST_BYTES, DIGEST_BYTES));
    }
    return { sections, fingerprint: digests.digest("hex") };
  }

  /** The section at `place`, or the one behind it. */
  private head(place: number | SectionPlace): SectionPlace {
    const at = typeof place === "number" ? place : place.payloadAt + place.payloadBytes + DIGEST_BYTES;
    const head = this.bytes(at, HEAD_BYTES);
    if (head.length < HEAD_BYTES) throw this.refused("it ends too early");
    const kind = KINDS[head[0] as number];
    const payloadBytes = head.readUInt32BE(1);
    if (kind === undefined || payloadBytes > SECTION_BYTES_MAX) throw this.refused("it has an unknown section");
    return { kind, payloadAt: at + HEAD_BYTES, payloadBytes };
  }

  private refused(what: string): SnapshotRefused {
    return new SnapshotRefused(`${this.file} is damaged (${what}). Use another copy of it.`);
  }

  /** Fewer only at the end of the file. */
  bytes(at: number, count: number): Buffer {
    const buffer = Buffer.allocUnsafe(count);
    let got = 0;
    while (got < count) {
      const read = readSync(this.fd, buffer, got, count - got, at + got);
      if (read === 0) break;
      got += read;
    }
    return buffer.subarray(0, got);
  }

  /** Errors: `StoreUnavailable` when the section is not what was written */
  payload({ payloadAt, payloadBytes }: SectionPlace): Buffer {
    const section = this.bytes(payloadAt - HEAD_BYTES, HEAD_BYTES + payloadBytes + DIGEST_BYTES);
    const signed = section.subarray(0, HEAD_BYTES + payloadBytes);
    if (!createHash("sha256").update(signed).digest().equals(section.subarray(signed.length)))
      throw new StoreUnavailable(`The snapshot ${this.file} is damaged at byte ${payloadAt}. Use another copy of it.`);
    return signed.subarray(HEAD_BYTES);
  }

  close(): void {
    closeSync(this.fd);
  }
}

function open(file: string): number {
  try {
    return openSync(file, "r");
  } catch (problem) {
    throw new SnapshotRefused(`${file} cannot be read: ${(problem as Error).message}.`, { cause: problem });
  }
}
