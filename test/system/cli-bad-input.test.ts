import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { cloudstack, startServer } from "./kit/cloudstack.ts";
import { ownFolder } from "./kit/own-folder.ts";

const { folder, write } = ownFolder();

/** Deploys a template's text and gives what was printed; then asserts that nothing exists. */
async function refused(template: string): Promise<string> {
  write("web.yaml", template);
  const { code, err } = await cloudstack(["deploy", "web.yaml", "--yes"], folder.path);
  expect(code).toBe(1);
  expect((await cloudstack(["resources"], folder.path)).out).toBe("There is nothing.\n");
  return err;
}

describe("a bad template is refused whole, with the place and what to do", () => {
  test("unknown resource type", async () => {
    expect(await refused("Resources:\n  Net:\n    Type: VPCC\n")).toMatch(
      /error\[CS1201\].*VPCC.*web\.yaml:3:11[^]*did you mean "VPC"/,
    );
  });
  test("unknown property", async () => {
    const said = await refused("Resources:\n  Net:\n    Type: VPC\n    Properties:\n      CidrBlock: 10.42.0.0/16\n");
    expect(said).toMatch(/error\[CS1203\].*"CidrBlock" of VPC.*web\.yaml:5:7/);
    expect(said).toContain("      CidrBlock: 10.42.0.0/16");
    expect(said).toMatch(/\^{9} did you mean "CIDRBlock"\?/);
  });
  test("circle of references", async () => {
    const said = await refused(
      [
        "Resources:",
        "  A: { Type: VPC, Properties: { Name: !Ref B } }",
        "  B: { Type: VPC, Properties: { Name: !Ref A } }",
        "",
      ].join("\n"),
    );
    expect(said).toMatch(/error\[CS1110\].*A.*B.*A/);
  });
  test("missing reference", async () => {
    expect(await refused("Resources:\n  Front:\n    Type: Subnet\n    Properties:\n      VpcID: !Ref Nett\n")).toMatch(
      /error\[CS1103\].*Nett.*web\.yaml:5/,
    );
  });
  test("bad CIDR", async () => {
    const said = await refused("Resources:\n  Net:\n    Type: VPC\n    Properties:\n      CIDRBlock: 10.42.0.0/99\n");
    expect(said).toMatch(/error\[CS1210\] CIDRBlock of VPC: "10\.42\.0\.0\/99" is not an IPv4 range.*web\.yaml:5:18/);
  });
  test("wrong YAML, with line and column", async () => {
    expect(await refused("Resources:\n  Net: [unclosed\n  Other: 1\n")).toMatch(/error\[CS1001\].*web\.yaml:\d+:\d+/);
  });
  test("several problems are told at once", async () => {
    const said = await refused(
      "Resources:\n  A: { Type: VPCC }\n  B: { Type: Subnet, Properties: { VpcID: !Ref Nope } }\n",
    );
    expect(said).toMatch(/CS1201[^]*CS1103/);
    expect(said).toContain("2 errors");
  });
  test("a file that does not exist", async () => {
    const { code, err } = await cloudstack(["deploy", "nope.yaml", "--yes"], folder.path);
    expect({ code, err }).toEqual({
      code: 1,
      err: "error: There is no file nope.yaml.\n  Give the path of a template, e.g. templates/web.yaml.\n",
    });
  });
});

describe("the environment", () => {
  test("a port in use is refused with its owner and another port", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const { code, err } = await cloudstack(["start", "--port", String(port)], folder.path);
    other.close();
    expect(code).toBe(1);
    expect(err).toContain(`Port ${port} is in use by process ${process.pid}`);
    expect(err).toContain(`--port ${port + 1}`);
  });

  test("a data directory that another server holds is refused with its pid and address", async () => {
    const server = await startServer(folder.path);
    const { code, err } = await cloudstack(["start", "--port", "0"], folder.path);
    expect(await server.end("SIGTERM")).toBe(0);
    expect(code).toBe(1);
    expect(err).toContain(`in use by process ${server.pid} (${server.endpoint})`);
  });

  test("a store file that is no store is refused and left as it is", async () => {
    write("store.sqlite", "this is not a database, but somebody's letter");
    const { code, err } = await cloudstack(["status", "--data-dir", folder.path], folder.path);
    expect(code).toBe(1);
    expect(err).toMatch(/^error: .*store\.sqlite/);
    expect(err).not.toContain("defect");
  });

  test("a template that is no UTF-8 is refused, not read with holes in it", async () => {
    writeFileSync(join(folder.path, "web.yaml"), Buffer.from("Description: caf\xe9\n", "latin1"));
    const { code, err } = await cloudstack(["plan", "web.yaml"], folder.path);
    expect({ code, err }).toEqual({ code: 1, err: "error: web.yaml is no text in UTF-8.\n  Save it in UTF-8.\n" });
  });

  test("a data directory that is a file, or below one, is told as that", async () => {
    write("letter", "this is no folder");
    const file = join(folder.path, "letter");
    const said = await cloudstack(["status", "--data-dir", file], folder.path);
    expect(said.code).toBe(1);
    expect(said.err).toMatch(/^error: .*letter is there already, and is no folder/);
    const below = await cloudstack(["status", "--data-dir", join(file, "state")], folder.path);
    expect(below).toMatchObject({ code: 1, err: expect.stringMatching(/^error: A part of the path .* is no folder/) });
  });

  test("wrong options say what is allowed", async () => {
    expect((await cloudstack(["status", "--format", "xml"], folder.path)).err).toContain(
      'There is no format "xml".\n  --format takes text, json, yaml, markdown, sarif, junit, html, mermaid, dot.',
    );
    expect((await cloudstack(["status", "--store", "oracle"], folder.path)).err).toContain(
      "--store takes sqlite, memory or postgres://",
    );
    expect((await cloudstack(["stacks", "--account", "12"], folder.path)).err).toContain("--account takes 12 digits");
    expect((await cloudstack(["stacks", "--region", ""], folder.path)).err).toContain("--region takes a name like");
    expect((await cloudstack(["stacks", "--data-dir", ""], folder.path)).err).toContain("names no folder");
    expect((await cloudstack(["env", "--endpoint", "here"], folder.path)).err).toContain("--endpoint takes one like");
    expect((await cloudstack(["deplyo", "x"], folder.path)).err).toContain("Did you mean deploy?");
  });
});
