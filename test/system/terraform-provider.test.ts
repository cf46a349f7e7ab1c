import { describe, expect, onTestFinished, test } from "vitest";
import { providerSchemaJson } from "../../engine/gateway/terraform-provider/provider.ts";
import type { ProviderEngine } from "../../engine/gateway/terraform-provider/session.ts";
import { thingErrors, thingsService, type Faults } from "../../engine/testing/stack-things.ts";
import { objects } from "../../engine/services/objects/service.ts";
import { engineOf, isTerraformMissing, providerUnderTest, startEngine, workspace } from "./kit/provider.ts";

/** A configuration on an engine of its own. */
async function terraformOn(engine: ProviderEngine, configuration: string) {
  const provider = await providerUnderTest(engine);
  const terraform = workspace(provider.variables, configuration);
  onTestFinished(async () => {
    terraform.remove();
    await provider.stop();
  });
  return terraform;
}
async function terraformWith(configuration: string) {
  const engine = await startEngine();
  onTestFinished(() => engine.close());
  return { engine, terraform: await terraformOn(engine, configuration) };
}
const withThings = (configuration: string, faults?: Faults) =>
  terraformOn(engineOf([thingsService(faults)]), configuration);
const outputs = (text: string) => JSON.parse(text) as Record<string, { readonly value: unknown }>;

describe.skipIf(isTerraformMissing)("with Terraform", () => {
  test("each alias of the provider works in its own account and region", async () => {
    const { engine, terraform } = await terraformWith(`
      provider "cloudstacks" { region = "eu-west-1" }
      provider "cloudstacks" {
        alias   = "other"
        account = "222222222222"
        region  = "ap-south-1"
      }
      data "cloudstacks_scope" "one" {}
      data "cloudstacks_scope" "two" { provider = cloudstacks.other }
      resource "cloudstacks_queue" "one" { name = "jobs" }
      resource "cloudstacks_queue" "two" {
        provider = cloudstacks.other
        name     = "jobs"
      }
      output "regions" { value = [data.cloudstacks_scope.one.region, data.cloudstacks_scope.two.region] }`);
    await terraform.settle();
    expect(outputs(await terraform.must("output", "-json"))["regions"]?.value).toEqual(["eu-west-1", "ap-south-1"]);
    const { type, service } = engine.registry.get("Queue")!;
    const found = (account: string, region: string) => {
      const ctx = engine.calls.contextOf(service, { account, region });
      return engine.store.read((tx) => type.handlers.list(tx, ctx, { limit: 9 }));
    };
    expect(await found("000000000000", "eu-west-1")).toEqual(["jobs"]);
    expect(await found("222222222222", "ap-south-1")).toEqual(["jobs"]);
    expect(await found("000000000000", "us-east-1")).toEqual([]);
  });

  test("what is known only after apply is unknown in the plan, and replaces where any value might", async () => {
    const configuration = (cidr: string) => `
      resource "cloudstacks_vpc" "net" { cidr_block = "${cidr}" }
      resource "cloudstacks_subnet" "front" { vpc_id = cloudstacks_vpc.net.vpc_id }
      resource "cloudstacks_bucket" "logs" { labels = { net = cloudstacks_vpc.net.vpc_id } }`;
    const { terraform } = await terraformWith(configuration("10.0.0.0/16"));
    await terraform.settle();
    terraform.write("main.tf", configuration("10.1.0.0/16"));
    const changes = await terraform.planned();
    expect(changes.map(({ address, change }) => [address, change.actions, change.replace_paths])).toEqual([
      ["cloudstacks_bucket.logs", ["update"], undefined],
      ["cloudstacks_subnet.front", ["delete", "create"], [["vpc_id"]]],
      ["cloudstacks_vpc.net", ["delete", "create"], [["cidr_block"]]],
    ]);
    await terraform.settle();
  });

  test("a fault in a configuration is told with its line, before anything is touched", async () => {
    const { terraform } = await terraformWith(`
resource "cloudstacks_table" "orders" {
  partition_key = { name = "id", type = "X" }
}
resource "cloudstacks_vpc" "net" {
  cidr_block = "10.0.0.1/16"
}`);
    const { code, text } = await terraform.run("plan", "-no-color");
    expect(code).toBe(1);
    expect(text).toMatch(/PartitionKey[.]Type of Table cannot be "X"[^]*on main[.]tf line 3[^]*Did you mean "S"/);
    expect(text).toMatch(/on main[.]tf line 6[^]*cidr_block = "10[.]0[.]0[.]1\/16"/);
  });

  test("a name that is taken is told with its line and how to take the resource over", async () => {
    const { engine, terraform } = await terraformWith(`
resource "cloudstacks_bucket" "photos" {
  name = "photos"
}`);
    await engine.calls.call(objects, "createBucket", { bucket: "photos" }, engine.defaultScope);
    const { text } = await terraform.run("apply", "-no-color", "-auto-approve");
    expect(text).toMatch(/could not be created: \w+[^]*on main[.]tf line 3/);
    expect(text).toContain("terraform import cloudstacks_bucket.NAME ID");
    await terraform.must("import", "-no-color", "cloudstacks_bucket.photos", "photos");
    await terraform.settle();
  });

  test("what was changed or deleted behind its back is put back", async () => {
    const { engine, terraform } = await terraformWith(`
      resource "cloudstacks_vpc" "net" { labels = { tier = "front" } }
      resource "cloudstacks_bucket" "photos" { name = "photos" }`);
    await terraform.settle();
    const { type, service } = engine.registry.get("VPC")!;
    const ctx = engine.calls.contextOf(service, engine.defaultScope);
    await engine.store.transact(async (tx) => {
      const [id = ""] = await type.handlers.list(tx, ctx, { limit: 1 });
      await type.handlers.update(tx, id, { Labels: { tier: "back" } }, {}, ctx);
    });
    await engine.calls.call(objects, "deleteBucket", { bucket: "photos" }, engine.defaultScope);
    const changes = await terraform.planned();
    expect(changes.map(({ change }) => change.actions)).toEqual([["create"], ["update"]]);
    await terraform.settle();
  });

  test("a resource becomes one of a type that shows the same record, and stays what it is", async () => {
    const { terraform } = await terraformWith(`
      resource "cloudstacks_queue" "jobs" { name = "jobs" }
      resource "cloudstacks_aws_s3_bucket" "photos" { bucket_name = "photos" }`);
    await terraform.settle();
    terraform.write(
      "main.tf",
      `resource "cloudstacks_aws_sqs_queue" "jobs" { queue_name = "jobs" }
      resource "cloudstacks_bucket" "photos" { name = "photos" }
      moved {
        from = cloudstacks_queue.jobs
        to   = cloudstacks_aws_sqs_queue.jobs
      }
      moved {
        from = cloudstacks_aws_s3_bucket.photos
        to   = cloudstacks_bucket.photos
      }`,
    );
    await terraform.settle();
    const { text } = await terraform.run("state", "list");
    expect(text).toBe("cloudstacks_aws_sqs_queue.jobs\ncloudstacks_bucket.photos\n");

    terraform.write(
      "main.tf",
      `resource "cloudstacks_vpc" "photos" {}
      moved {
        from = cloudstacks_bucket.photos
        to   = cloudstacks_vpc.photos
      }`,
    );
    const refused = await terraform.run("plan", "-no-color");
    expect(refused.text).toMatch(/A cloudstacks_bucket cannot become a cloudstacks_vpc/);
  });

  test("its schema is what Terraform itself prints of it", async () => {
    const { engine, terraform } = await terraformWith("");
    const printed = JSON.parse(await terraform.must("providers", "schema", "-json")) as unknown;
    expect(printed).toEqual(JSON.parse(JSON.stringify(providerSchemaJson(engine))));
  });

  test("functions and data sources answer, and refuse with the place of the fault", async () => {
    const { terraform } = await terraformWith(`
      resource "cloudstacks_queue" "jobs" { name = "jobs" }
      data "cloudstacks_queue" "jobs" { id = cloudstacks_queue.jobs.id }
      data "cloudstacks_resource_ids" "queues" {
        type       = "AWS::SQS::Queue"
        depends_on = [cloudstacks_queue.jobs]
      }
      output "all" {
        value = {
          cidr  = provider::cloudstacks::cidr("10.0.0.0/16", 2, 12)
          parse = provider::cloudstacks::arn_parse("arn:aws:sqs:eu-west-1:1:a:b").resource
          build = provider::cloudstacks::arn_build("aws", "s3", "", "", "photos")
          wait  = data.cloudstacks_queue.jobs.visibility_timeout
          ids   = data.cloudstacks_resource_ids.queues.ids
        }
      }`);
    await terraform.settle();
    expect(outputs(await terraform.must("output", "-json"))["all"]?.value).toEqual({
      cidr: ["10.0.0.0/20", "10.0.16.0/20"],
      parse: "a:b",
      build: "arn:aws:s3:::photos",
      wait: 30,
      ids: ["jobs"],
    });
    terraform.write("main.tf", `output "x" { value = provider::cloudstacks::cidr("10.0.0.0/16", 0) }`);
    expect((await terraform.run("plan", "-no-color")).text).toMatch(/Invalid value for "count" parameter/);
    terraform.write("main.tf", `data "cloudstacks_queue" "lost" { id = "lost" }`);
    expect((await terraform.run("plan", "-no-color")).text).toMatch(/There is no Queue with the id "lost"[^]*line 1/);
  });

  test("a secret is written into no plan and no state, and sent again when its version changes", async () => {
    const sent: string[] = [];
    const configuration = (version: number) => `
      ephemeral "cloudstacks_secret" "key" { length = 40 }
      resource "cloudstacks_thing" "one" {
        value          = "one"
        secret         = ephemeral.cloudstacks_secret.key.value
        secret_version = "${version}"
      }`;
    const terraform = await withThings(configuration(1), {
      shouldFail: (step) => {
        sent.push(step);
        return false;
      },
    });
    await terraform.settle();
    const state = JSON.parse(await terraform.must("show", "-json")) as { values: { root_module: unknown } };
    expect(JSON.stringify(state.values.root_module)).toContain('"secret":null');
    terraform.write("main.tf", configuration(2));
    expect((await terraform.planned()).map(({ change }) => change.actions)).toEqual([["update"]]);
    await terraform.settle();
    expect(sent).toEqual(["create one", "update one"]);
  });

  test("Ctrl-C ends the waiting for what is too busy, and what was done is in the state", async () => {
    let isBusy: () => void;
    const busy = new Promise<void>((resolve) => (isBusy = resolve));
    const terraform = await withThings(
      `resource "cloudstacks_thing" "first" { value = "first" }
      resource "cloudstacks_thing" "second" { value = "second \${cloudstacks_thing.first.id}" }`,
      {
        shouldFail: () => false,
        before(step) {
          if (!step.startsWith("create second")) return Promise.resolve();
          isBusy();
          throw thingErrors.Busy({ step });
        },
      },
    );
    const running = terraform.begin("apply", "-no-color", "-auto-approve");
    const ended = new Promise((resolve) => running.once("close", resolve));
    await busy;
    process.kill(-(running.pid as number), "SIGINT");
    expect(await ended).toBe(1);
    expect(await terraform.must("state", "list")).toBe("cloudstacks_thing.first\n");
  });
});
