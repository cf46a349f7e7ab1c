import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { manualClock } from "../platform/clock.ts";
import { idsFrom } from "../platform/ids.ts";
import { systemRandom } from "../platform/random.ts";
import { authorityFile, serverCertificate } from "./trust.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const ids = idsFrom(systemRandom());
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cloudstacks-trust-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("a data directory's authority", () => {
  test("and the engine's certificate are made once and kept, their keys readable by their owner only", () => {
    const clock = manualClock();
    const first = serverCertificate(folder, clock, ids);
    const authority = readFileSync(authorityFile(folder), "utf8");
    expect(serverCertificate(folder, clock, ids)).toEqual(first);
    expect(readFileSync(authorityFile(folder), "utf8")).toBe(authority);
    for (const key of ["ca-key.pem", "server-key.pem"])
      expect(statSync(join(folder, "tls", key)).mode & 0o777).toBe(0o600);
  });

  test("stays when the engine's certificate nears its end and is replaced", () => {
    const clock = manualClock();
    const first = serverCertificate(folder, clock, ids);
    const authority = readFileSync(authorityFile(folder), "utf8");
    clock.advanceMs(780 * DAY_MS);
    const second = serverCertificate(folder, clock, ids);
    expect(second.certificate).not.toBe(first.certificate);
    expect(readFileSync(authorityFile(folder), "utf8")).toBe(authority);
    expect(new X509Certificate(second.certificate).verify(new X509Certificate(authority).publicKey)).toBe(true);
  });
});
