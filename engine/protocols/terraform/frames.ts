/** The one byte before a message's length says whether it is compressed; Terraform never does that. */
const HEAD_BYTES = 5;

export class CompressedFrame extends Error {
  override name = "CompressedFrame";
}

/** A message as gRPC sends it: not compressed, length first. */
export function frameOf(message: Buffer): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/**
 * The messages of a stream of bytes, however it is cut.
 * Errors: `CompressedFrame`
 */
export async function* messagesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let heldBytes = 0;
  let wantedBytes = HEAD_BYTES;
  for await (const chunk of chunks) {
    held.push(chunk);
    heldBytes += chunk.length;
    while (heldBytes >= wantedBytes) {
      const whole = held.length === 1 ? (held[0] as Buffer) : Buffer.concat(held);
      if (whole[0] !== 0) throw new CompressedFrame("A compressed message was sent, which nobody offered to read.");
      const end = HEAD_BYTES + whole.readUInt32BE(1);
      held = [whole];
      wantedBytes = end;
      if (heldBytes < end) break;
      yield whole.subarray(HEAD_BYTES, end);
      held = [whole.subarray(end)];
      heldBytes -= end;
      wantedBytes = HEAD_BYTES;
    }
  }
}
