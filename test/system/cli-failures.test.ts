import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cloudstack, emptyFolder, startServer, type RunningServer } from "./kit/cloudstack.ts";
import { printed } from "./kit/printed.ts";

// What a new user sees of each failure, whole: `golden/`, one file a case.

const folder = emptyFolder();
let server: RunningServer;
const run = (...args: string[]) => cloudstack(args, folder.path);
const write = (file: string, text: string) => writeFileSync(join(folder.path, file), text);

const WEB = `Parameters:
  Size: {Type: Number, Default: 10}
  Stage: {Type: String, Default: dev}
Resources:
  Disk: {Type: Volume, Properties: {Size: !Ref Size}}
  Net: {Type: VPC, Properties: {CIDRBlock: 10.42.0.0/16}}
`;
const WRONG = `Parameters:
  Size: {Type: Nummer}
Resources:
  Net:
    Type: VPC
    Properties:
      CidrBlock: 10.42.0.0/16
  Web:
    Type: Instanz
    Properties: {Image: !Ref Nett, Foo: !GetAtt Net.Nix}
  A: {Type: Queue, DependsOn: B}
  B: {Type: Queue, DependsOn: A, DeletionPolicy: Retian}
Conditions:
  X: !Equals [a]
`;
const FILES = "Resources:\n  Files: {Type: AWS::S3::Bucket, Properties: {BucketName: my-files}}\n";

beforeAll(async () => {
  server = await startServer(folder.path);
  write("web.yaml", WEB);
  write("wider.yaml", WEB.replace("Default: 10", "Default: 20"));
  write("wrong.yaml", WRONG);
  write("syntax.yaml", "Resources:\n  A: {Type: Queue\n  B: [\n");
  write("empty.yaml", "");
  write("files.yaml", FILES);
  await run("deploy", "web.yaml", "--stack", "web", "--yes");
  await run("plan", "wider.yaml", "--stack", "web", "--out", "stale.json");
  await run("deploy", "wider.yaml", "--stack", "web", "--yes");
  await run("deploy", "files.yaml", "--stack", "files", "--yes");
  await fetch(`${server.endpoint}/my-files/a.txt`, { method: "PUT", body: "a" });
});
afterAll(async () => {
  await server.end("SIGTERM");
  folder.remove();
});

const CASES: readonly (readonly [name: string, command: string])[] = [
  ["template-wrong", "plan wrong.yaml --stack new"],
  ["template-syntax", "plan syntax.yaml --stack new"],
  ["template-empty", "plan empty.yaml --stack new"],
  ["template-missing", "plan missing.yaml --stack new"],
  ["parameter-unknown", "plan web.yaml --stack web --parameter Sice=12 --parameter Zone=a"],
  ["parameter-misfit", "plan web.yaml --stack web --parameter Size=large"],
  ["target-unknown", "plan web.yaml --stack web --target Web"],
  ["stack-name", "deploy web.yaml --stack 1web --yes"],
  ["stack-unknown", "destroy webb --yes"],
  ["saved-plan-stale", "deploy stale.json --yes"],
  ["volume-shrinks", "deploy web.yaml --stack web --yes"],
  ["bucket-name-taken", "deploy files.yaml --stack other --yes"],
  ["bucket-not-empty", "destroy files --yes"],
];

test.each(CASES)("%s", async (name, command) => {
  expect.assertions(2);
  const finished = await run(...command.split(" "));
  expect(finished.code).toBe(1);
  await expect(`$ cloudstack ${command}\n${printed(finished)}`).toMatchFileSnapshot(`./golden/failure-${name}.txt`);
});
