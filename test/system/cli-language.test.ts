import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { startServer } from "./kit/cloudstack.ts";
import { ownFolder } from "./kit/own-folder.ts";

const { folder, run, write } = ownFolder();

const NETWORK = `Parameters: {Range: {Type: String}}
Resources:
  Net: {Type: VPC, Properties: {CIDRBlock: !Ref Range}}
  Front: {Type: Subnet, Properties: {VpcID: !Ref Net}}
Outputs: {Front: {Value: !Ref Front}}
`;
const WEB = `Resources:
  Ground: {Type: Stack, Properties: {Template: parts/network.yaml, Parameters: {Range: 10.7.0.0/16}}}
  Web: {Type: Instance, Properties: {Image: alpine, SubnetID: !GetAtt Ground.Outputs.Front}}
`;

describe("nested templates", () => {
  test("come from files beside the template, and are told of by their own names", async () => {
    write("parts/network.yaml", NETWORK.replace("CIDRBlock", "CidrBlock"));
    write("web.yaml", WEB);
    const wrong = await run("deploy", "web.yaml", "--yes");
    expect(wrong.code).toBe(1);
    expect(wrong.err).toBe(`error[CS1203] unknown property "CidrBlock" of VPC  parts/network.yaml:3:33
  3 |   Net: {Type: VPC, Properties: {CidrBlock: !Ref Range}}
    |                                 ^^^^^^^^^ did you mean "CIDRBlock"?

1 error
`);
    write("parts/network.yaml", NETWORK);
    const { code, out } = await run("deploy", "web.yaml", "--yes");
    expect(code).toBe(0);
    expect(out).toContain("parts/network.yaml:3");
    expect((await run("stacks")).out).toMatch(/web +1 +deployed .*\n +Ground +nested +parts\/network\.yaml\n/);
    // Its files are not needed any more: what was deployed is kept whole.
    write("parts/network.yaml", "Resources: {}\n");
    expect((await run("destroy", "web", "--yes")).code).toBe(0);
    expect((await run("resources")).out).toBe("There is nothing.\n");
  });

  test("come from a bucket of the engine", async () => {
    const server = await startServer(folder.path);
    try {
      const endpoint = server.endpoint;
      const credentials = { accessKeyId: "000000000000", secretAccessKey: "test" };
      const s3 = new S3Client({ endpoint, region: "us-east-1", forcePathStyle: true, credentials });
      await s3.send(new CreateBucketCommand({ Bucket: "templates" }));
      await s3.send(new PutObjectCommand({ Bucket: "templates", Key: "v1/network.yaml", Body: NETWORK }));
      s3.destroy();
      write("web.yaml", WEB.replace("parts/network.yaml", `"${endpoint}/templates/v1/network.yaml"`));
      expect((await run("deploy", "web.yaml", "--yes")).code).toBe(0);
      write("web.yaml", WEB.replace("parts/network.yaml", "s3://templates/v2/network.yaml"));
      const wrong = await run("plan", "web.yaml");
      expect(wrong.err).toContain('CS1401] there is no template "s3://templates/v2/network.yaml" to nest as Ground');
    } finally {
      await server.end("SIGTERM");
    }
  });
});

describe("cloudstack explain", () => {
  test("is the manual of a diagnostic, offline", async () => {
    expect(await run("explain", "cs1203")).toEqual({
      code: 0,
      err: "",
      out: `error[CS1203] The property does not exist

  The type has no property of this name, so nothing would act on it.

What to do
  Look for a misspelling; names are case-sensitive. \`cloudstack explain TYPE\` lists the properties.

Example
  Resources:
    Net:
      Type: VPC
      Properties:
        CidrBlock: 10.42.0.0/16
`,
    });
    const { out } = await run("explain", "CS1306", "--format", "json");
    expect(JSON.parse(out)).toMatchObject({ code: "CS1306", severity: "error", title: "A rule does not hold" });
    expect((await run("explain", "CS9999")).code).toBe(1);
  });
});

describe("a rule", () => {
  test("that does not hold is told in its author's words", async () => {
    write(
      "web.yaml",
      `Parameters: {Stage: {Type: String}, Size: {Type: Number}}
Rules:
  Small:
    RuleCondition: !Equals [!Ref Stage, dev]
    Assertions: [{Assert: !Contains [[10, 20], !Ref Size], AssertDescription: dev has 10 or 20 GiB}]
Resources: {Disk: {Type: Volume, Properties: {Size: !Ref Size}}}
`,
    );
    const { code, err } = await run("plan", "web.yaml", "--parameter", "Stage=dev", "--parameter", "Size=500");
    expect(code).toBe(1);
    expect(err).toBe(`error[CS1306] rule Small does not hold: dev has 10 or 20 GiB  web.yaml:5:27
  5 |     Assertions: [{Assert: !Contains [[10, 20], !Ref Size], AssertDescription: dev has 10 or 20 GiB}]
    |                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

1 error
`);
  });
});

describe("cloudstack schema", () => {
  test("prints the JSON Schema of templates", async () => {
    const { code, out } = await run("schema");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ title: "CloudStacks template", required: ["Resources"] });
  });
});
