import { CreateTableCommand, DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { CreateBucketCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { startCloud, type TestCloud } from "../../engine/testing/cloud.ts";
import type { Finished } from "./kit/cloudstack.ts";
import { isTerraformMissing } from "./kit/terraform.ts";
import { environmentOf } from "./kit/terraform-folder.ts";
import { terraformWork, type TerraformWork } from "./kit/terraform-work.ts";

const BUCKET = "states";
const LOCKS = "locks";

/** Where a state is kept, as a user writes it. */
interface Backend {
  readonly name: string;
  readonly hasWorkspaces: boolean;
  block(cloud: TestCloud): string;
}

const s3 = (more: string) => `backend "s3" {
    bucket = "${BUCKET}"
    key = "shop/terraform.tfstate"
    region = "us-east-1"
    ${more}
  }`;
const http = ({ endpoint }: TestCloud) => {
  const address = `${endpoint}/_cloudstack/terraform/states/shop`;
  return `backend "http" {
    address = "${address}"
    lock_address = "${address}"
    unlock_address = "${address}"
    username = "111111111111"
  }`;
};

const BACKENDS: readonly Backend[] = [
  { name: "S3 with a lock file", hasWorkspaces: true, block: () => s3("use_lockfile = true") },
  { name: "S3 with a lock table", hasWorkspaces: true, block: () => s3(`dynamodb_table = "${LOCKS}"`) },
  { name: "HTTP", hasWorkspaces: false, block: http },
];

/** An engine with a bucket and a table for locks. */
async function cloudWithBucket(): Promise<TestCloud> {
  const cloud = await startCloud();
  onTestFinished(() => cloud.stop());
  const client = new S3Client({ ...cloud.aws(), forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
  client.destroy();
  const tables = new DynamoDBClient(cloud.aws());
  await tables.send(
    new CreateTableCommand({
      TableName: LOCKS,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "LockID", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "LockID", KeyType: "HASH" }],
    }),
  );
  tables.destroy();
  return cloud;
}

const configuration = (backend: string) => `terraform {
  ${backend}
}
variable "word" { default = "first" }
resource "terraform_data" "it" { input = var.word }
output "word" { value = terraform_data.it.output }
`;

/** A folder whose state is in a backend, initialized. */
async function work(cloud: TestCloud, backend: Backend): Promise<TerraformWork> {
  const folder = terraformWork(environmentOf(cloud.endpoint));
  onTestFinished(() => folder.remove());
  folder.write("main.tf", configuration(backend.block(cloud)));
  await folder.run("init", "-no-color", "-input=false");
  return folder;
}

/** The lock that a refusal names: as HTTP's does, or all others. */
const lockIn = (text: string) => (/ locked: ID=(\S+)/.exec(text) ?? /Lock Info:\s+ID: +(\S+)/.exec(text))?.[1] ?? "";

/** What Terraform says of a lock that stood in its way and is gone before it has read whose it was. */
const GONE = /unable to retrieve file|ConditionalCheckFailedException[^]*unexpected end of JSON input/;

/** Applies when the lock can be had. Terraform gives up at once on one that is gone, whatever its patience. */
async function applyInTurn(folder: TerraformWork, value: string): Promise<Finished> {
  const finished = await folder.tell(...apply(value, "-lock-timeout=120s"));
  return GONE.test(finished.err) ? applyInTurn(folder, value) : finished;
}

const apply = (word: string, ...more: readonly string[]) =>
  ["apply", "-no-color", "-auto-approve", `-var=word=${word}`, ...more] as const;
const word = (folder: TerraformWork) => folder.run("output", "-raw", "word");
const serialOf = async (folder: TerraformWork) =>
  (JSON.parse(await folder.run("state", "pull")) as { serial: number }).serial;

describe.skipIf(isTerraformMissing).each(BACKENDS)("Terraform with its state in $name", (backend) => {
  test("applies, finds nothing to do, changes, destroys; another folder sees the same state", async () => {
    const cloud = await cloudWithBucket();
    const folder = await work(cloud, backend);
    await folder.run(...apply("first"));
    expect((await folder.tell("plan", "-no-color", "-detailed-exitcode")).code).toBe(0);
    const other = await work(cloud, backend);
    expect(await word(other)).toBe("first");
    await other.run(...apply("second"));
    expect(await word(folder)).toBe("second");
    await folder.run("destroy", "-no-color", "-auto-approve");
    expect(await other.run("state", "list")).toBe("");
  });

  test("is refused while another holds the lock, who is named, and goes on when that is broken by force", async () => {
    const cloud = await cloudWithBucket();
    const [holder, other] = [await work(cloud, backend), await work(cloud, backend)];
    const holding = await holder.ask("apply", "-no-color", "-var=word=held");
    const refused = await other.tell(...apply("mine"));
    expect(refused.code).toBe(1);
    expect(refused.err).toContain("Error acquiring the state lock");
    // Whoever dies with a lock leaves it.
    holding.child.kill("SIGKILL");
    await holding.ended;
    const again = await other.tell(...apply("mine"));
    const id = lockIn(again.err);
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    await other.run("force-unlock", "-force", id);
    await other.run(...apply("mine"));
    expect(await word(holder)).toBe("mine");
  });

  test("waits for its turn: of applies that begin at once each one writes the state", async () => {
    const cloud = await cloudWithBucket();
    const folders = [];
    for (let i = 0; i < 4; i++) folders.push(await work(cloud, backend));
    const first = folders[0] as TerraformWork;
    await first.run(...apply("start"));
    const before = await serialOf(first);
    const done = await Promise.all(folders.map((folder, i) => applyInTurn(folder, `${i}`)));
    expect(done.map(({ code, err }) => `${code} ${err}`)).toEqual(["0 ", "0 ", "0 ", "0 "]);
    expect((await serialOf(first)) - before).toBeGreaterThanOrEqual(4);
    expect(["0", "1", "2", "3"]).toContain(await word(first));
  });

  test("keeps a state of more than 50 MB", async () => {
    const cloud = await cloudWithBucket();
    const folder = await work(cloud, backend);
    writeFileSync(join(folder.path, "large.txt"), "0123456789abcdef".repeat((27 * 1024 * 1024) / 16));
    const large = `resource "terraform_data" "large" { input = sensitive(file("\${path.module}/large.txt")) }\n`;
    folder.write("large.tf", large);
    await folder.run(...apply("large"));
    const state = await folder.run("state", "pull");
    expect(Buffer.byteLength(state)).toBeGreaterThan(50_000_000);
    expect((await folder.tell("plan", "-no-color", "-var=word=large", "-detailed-exitcode")).code).toBe(0);
  });

  test.runIf(backend.hasWorkspaces)("has a state for each workspace", async () => {
    const cloud = await cloudWithBucket();
    const folder = await work(cloud, backend);
    await folder.run(...apply("usual"));
    await folder.run("workspace", "new", "eu");
    await folder.run(...apply("european"));
    expect(await word(folder)).toBe("european");
    await folder.run("workspace", "select", "default");
    expect(await word(folder)).toBe("usual");
    expect((await folder.run("workspace", "list")).replaceAll(/[ *]/g, "").trim().split("\n")).toEqual([
      "default",
      "eu",
    ]);
    await folder.run("workspace", "select", "eu");
    await folder.run("destroy", "-no-color", "-auto-approve");
    await folder.run("workspace", "select", "default");
    await folder.run("workspace", "delete", "eu");
    expect(await folder.run("workspace", "list")).not.toContain("eu");
  });
});

describe.skipIf(isTerraformMissing)("Terraform's state moves", () => {
  test("from a file to S3, from there to HTTP and back, with what it knows; locks are gone after each", async () => {
    const cloud = await cloudWithBucket();
    const folder = terraformWork(environmentOf(cloud.endpoint));
    onTestFinished(() => folder.remove());
    folder.write("main.tf", configuration(""));
    await folder.run("init", "-no-color");
    await folder.run(...apply("kept"));
    for (const backend of [...BACKENDS, BACKENDS[0] as Backend]) {
      folder.write("main.tf", configuration(backend.block(cloud)));
      await folder.run("init", "-no-color", "-migrate-state", "-force-copy");
      expect(await word(folder)).toBe("kept");
      expect((await folder.tell("plan", "-no-color", "-var=word=kept", "-detailed-exitcode")).code).toBe(0);
    }
    const client = new S3Client({ ...cloud.aws(), forcePathStyle: true });
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: BUCKET }));
    expect(Contents.map(({ Key }) => Key)).toEqual(["shop/terraform.tfstate"]);
    client.destroy();
    const tables = new DynamoDBClient(cloud.aws());
    const { Items } = await tables.send(new ScanCommand({ TableName: LOCKS }));
    expect(Items).toEqual([]);
    tables.destroy();
  });
});
