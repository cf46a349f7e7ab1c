import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { crc32, deflateRawSync } from "node:zlib";

const LOCAL_HEADER = 0x04034b50;
const DIRECTORY_ENTRY = 0x02014b50;
const END_OF_DIRECTORY = 0x06054b50;
/** 2.0: deflate. */
const VERSION = 20;
const NAMES_ARE_UTF8 = 0x0800;
const DEFLATED = 8;
/** 1 January 1980, as MS-DOS writes it: the same files always give the same archive. */
const DATE = 0x0021;
const ENTRIES_MAX = 0xffff;

/** What a local header and a directory entry both say of a file. */
function describedBy(content: Buffer, packed: Buffer, name: Buffer): Buffer {
  const described = Buffer.alloc(26);
  described.writeUInt16LE(VERSION, 0);
  described.writeUInt16LE(NAMES_ARE_UTF8, 2);
  described.writeUInt16LE(DEFLATED, 4);
  described.writeUInt16LE(DATE, 8);
  described.writeUInt32LE(crc32(content), 10);
  described.writeUInt32LE(packed.length, 14);
  described.writeUInt32LE(content.length, 18);
  described.writeUInt16LE(name.length, 22);
  return described;
}

const signature = (value: number, ...more: number[]): Buffer => {
  const bytes = Buffer.alloc(4 + more.length * 2);
  bytes.writeUInt32LE(value, 0);
  for (const [index, each] of more.entries()) bytes.writeUInt16LE(each, 4 + index * 2);
  return bytes;
};

/** A folder as one ZIP archive, the same bytes for the same files. Source: .ZIP File Format Specification 4.3 */
export function zippedDirectory(directory: string): Buffer {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  if (files.length > ENTRIES_MAX) throw new Error(`${directory} has more than ${ENTRIES_MAX} files.`);
  const archive: Buffer[] = [];
  const entries: Buffer[] = [];
  let at = 0;
  for (const file of files) {
    const name = Buffer.from(file.slice(directory.length + 1).replaceAll("\\", "/"));
    const content = readFileSync(file);
    const packed = deflateRawSync(content);
    const described = describedBy(content, packed, name);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    entries.push(signature(DIRECTORY_ENTRY, VERSION), described, place, name);
    const local = Buffer.concat([signature(LOCAL_HEADER), described, name, packed]);
    archive.push(local);
    at += local.length;
  }
  const directoryBytes = Buffer.concat(entries);
  const end = Buffer.concat([signature(END_OF_DIRECTORY, 0, 0, files.length, files.length), Buffer.alloc(10)]);
  end.writeUInt32LE(directoryBytes.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...archive, directoryBytes, end]);
}
