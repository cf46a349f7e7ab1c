import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  base64OfHex,
  CHECKSUM_ALGORITHMS,
  checksumDigester,
  checksumOf,
  compositeChecksum,
  isJoinable,
  joinChecksums,
} from "./checksums.ts";

const hexOf = (algorithm: Parameters<typeof checksumDigester>[0], text: string) => {
  const digester = checksumDigester(algorithm);
  digester.update(Buffer.from(text));
  return digester.hex();
};

describe("checksums", () => {
  it("match the published check values of 123456789", () => {
    expect(hexOf("crc32", "123456789")).toBe("cbf43926");
    expect(hexOf("crc32c", "123456789")).toBe("e3069283");
    expect(hexOf("crc64nvme", "123456789")).toBe("ae8b14860a799888");
    expect(hexOf("sha1", "123456789")).toBe("f7c3bc1d808e04732adf679965ccc34ca7ae3441");
    expect(hexOf("sha256", "")).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  });

  it("do not depend on how the bytes are cut into chunks", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...CHECKSUM_ALGORITHMS),
        fc.uint8Array({ maxLength: 200 }),
        fc.nat(200),
        (algorithm, bytes, cut) => {
          const digester = checksumDigester(algorithm);
          digester.update(bytes.subarray(0, cut));
          digester.update(bytes.subarray(cut));
          expect(base64OfHex(digester.hex())).toBe(checksumOf(algorithm, bytes));
        },
      ),
    );
  });

  it("of a whole are joined from those of its parts", () => {
    const joinable = CHECKSUM_ALGORITHMS.filter(isJoinable);
    expect(joinable).toEqual(["crc32", "crc32c", "crc64nvme"]);
    fc.assert(
      fc.property(
        fc.constantFrom(...joinable),
        fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1 }),
        (algorithm, parts) => {
          const joined = joinChecksums(
            algorithm,
            parts.map((part) => ({ checksum: checksumOf(algorithm, part), sizeBytes: part.length })),
          );
          expect(joined).toBe(checksumOf(algorithm, Buffer.concat(parts)));
        },
      ),
    );
  });

  it("of parts are made into a composite one", () => {
    const parts = ["a", "b"].map((text) => checksumOf("sha256", Buffer.from(text)));
    expect(compositeChecksum("sha256", parts)).toBe(
      checksumOf("sha256", Buffer.concat(parts.map((part) => Buffer.from(part, "base64")))),
    );
  });
});
