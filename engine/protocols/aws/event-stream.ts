import { crc32 } from "node:zlib";

/**
 * Messages of `application/vnd.amazon.eventstream`: lengths, headers, payload, each guarded by a CRC32.
 * Source: Smithy specification, "Amazon Event Stream"
 */

const PRELUDE_BYTES = 12;
const CRC_BYTES = 4;
const TEXT_TYPE = 7;

function headerBytes(headers: Readonly<Record<string, string>>): Buffer {
  const parts: Buffer[] = [];
  for (const [name, value] of Object.entries(headers)) {
    const [nameBytes, valueBytes] = [Buffer.from(name), Buffer.from(value)];
    const length = Buffer.alloc(2);
    length.writeUInt16BE(valueBytes.byteLength);
    parts.push(Buffer.from([nameBytes.byteLength]), nameBytes, Buffer.from([TEXT_TYPE]), length, valueBytes);
  }
  return Buffer.concat(parts);
}

function eventStreamMessage(headers: Readonly<Record<string, string>>, payload: Uint8Array): Buffer {
  const head = headerBytes(headers);
  const message = Buffer.alloc(PRELUDE_BYTES + head.byteLength + payload.byteLength + CRC_BYTES);
  message.writeUInt32BE(message.byteLength, 0);
  message.writeUInt32BE(head.byteLength, 4);
  message.writeUInt32BE(crc32(message.subarray(0, 8)), 8);
  head.copy(message, PRELUDE_BYTES);
  message.set(payload, PRELUDE_BYTES + head.byteLength);
  const end = message.byteLength - CRC_BYTES;
  message.writeUInt32BE(crc32(message.subarray(0, end)), end);
  return message;
}

/** An event of a stream. */
export const eventMessage = (type: string, contentType: string | undefined, payload: Uint8Array): Buffer =>
  eventStreamMessage(
    {
      ":message-type": "event",
      ":event-type": type,
      ...(contentType !== undefined && { ":content-type": contentType }),
    },
    payload,
  );

/** The end of a stream that failed. */
export const errorMessage = (code: string, message: string): Buffer =>
  eventStreamMessage(
    { ":message-type": "error", ":error-code": code, ":error-message": message },
    new Uint8Array(),
  );
