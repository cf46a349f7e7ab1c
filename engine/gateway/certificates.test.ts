import { createPrivateKey, X509Certificate } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createAuthority, createServerCertificate } from "./certificates.ts";

const NOW_MS = Date.UTC(2030, 0, 2);
const authority = createAuthority(NOW_MS, "4a01");
const pair = createServerCertificate(
  authority,
  ["localhost", "*.s3.localhost"],
  [Uint8Array.of(127, 0, 0, 1), new Uint8Array(16).fill(1, 15)],
  NOW_MS,
  "4a02",
);
const issuer = new X509Certificate(authority.certificate);
const certificate = new X509Certificate(pair.certificate);

describe("the engine's certificate", () => {
  test("is signed by the authority, which signs itself", () => {
    expect(issuer.verify(issuer.publicKey)).toBe(true);
    expect(issuer.checkIssued(issuer)).toBe(true);
    expect(certificate.verify(issuer.publicKey)).toBe(true);
    expect(certificate.checkIssued(issuer)).toBe(true);
    expect(certificate.checkPrivateKey(createPrivateKey(pair.privateKey))).toBe(true);
    expect([issuer.ca, certificate.ca]).toEqual([true, false]);
  });

  test("names the hosts and addresses it is for", () => {
    expect(certificate.subjectAltName).toBe(
      "DNS:localhost, DNS:*.s3.localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1",
    );
    expect(certificate.checkHost("photos.s3.localhost")).toBe("*.s3.localhost");
    expect(certificate.checkHost("example.com")).toBeUndefined();
    expect(certificate.checkIP("::1")).toBe("::1");
  });

  test("is for servers only, has its serial number, and lasts 800 days; its authority ten years", () => {
    expect(certificate.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1"]);
    expect(certificate.serialNumber).toBe("4A02");
    expect([certificate.validFrom, certificate.validTo]).toEqual([
      "Jan  1 00:00:00 2030 GMT",
      "Mar 12 00:00:00 2032 GMT",
    ]);
    expect(issuer.validTo).toBe("Dec 31 00:00:00 2039 GMT");
  });

  test("can end after 2049, from where years have four digits", () => {
    const late = new X509Certificate(createAuthority(Date.UTC(2045, 0, 1), "4a03").certificate);
    expect([late.validFrom, late.validTo]).toEqual(["Dec 31 00:00:00 2044 GMT", "Dec 30 00:00:00 2054 GMT"]);
  });
});
