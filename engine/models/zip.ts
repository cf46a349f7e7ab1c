import { inflateRawSync } from "node:zlib";
import { invariant } from "../platform/invariant.ts";

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_HEADER_BYTES = 30;
const DEFLATED = 8;

/** The files of a zip archive by name, unpacked when read. Zip64 archives are not read: wheels are small. */
export function zipFiles(archive: Buffer): ReadonlyMap<string, () => Buffer> {
  let end = archive.length - 22;
  while (end >= 0 && archive.readUInt32LE(end) !== END_OF_DIRECTORY) end--;
  invariant(end >= 0, "a zip archive ends with its directory");
  const files = new Map<string, () => Buffer>();
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    invariant(archive.readUInt32LE(at) === DIRECTORY_ENTRY, "the directory of a zip archive holds entries only");
    const method = archive.readUInt16LE(at + 10);
    const packedBytes = archive.readUInt32LE(at + 20);
    const nameBytes = archive.readUInt16LE(at + 28);
    const headerAt = archive.readUInt32LE(at + 42);
    const name = archive.toString("utf8", at + 46, at + 46 + nameBytes);
    files.set(name, () => {
      const start =
        headerAt + LOCAL_HEADER_BYTES + archive.readUInt16LE(headerAt + 26) + archive.readUInt16LE(headerAt + 28);
      const packed = archive.subarray(start, start + packedBytes);
      return method === DEFLATED ? inflateRawSync(packed) : packed;
    });
    at += 46 + nameBytes + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return files;
}
