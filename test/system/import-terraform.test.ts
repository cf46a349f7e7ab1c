import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { startCloud } from "../../engine/testing/cloud.ts";
import { cloudstack } from "./kit/cloudstack.ts";
import { isTerraformMissing } from "./kit/terraform.ts";
import { environmentOf, newTerraformFolder } from "./kit/terraform-folder.ts";

const ACCOUNT = "111111111111";
const RESOURCES = `
resource "aws_sqs_queue" "work" {
  count = 2
  name  = "work-\${count.index}"
}
resource "aws_sns_topic" "news" {
  name = "news"
}
resource "aws_sns_topic_subscription" "work" {
  topic_arn = aws_sns_topic.news.arn
  protocol  = "sqs"
  endpoint  = aws_sqs_queue.work[0].arn
}
resource "aws_sqs_queue_policy" "work" {
  queue_url = aws_sqs_queue.work[0].url
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = "*", Action = "sqs:SendMessage", Resource = "*" }]
  })
}
resource "aws_s3_bucket" "photos" {
  bucket = "photos"
}
resource "aws_s3_bucket_versioning" "photos" {
  bucket = aws_s3_bucket.photos.bucket
  versioning_configuration {
    status = "Enabled"
  }
}
resource "aws_dynamodb_table" "orders" {
  name         = "orders"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  attribute {
    name = "id"
    type = "S"
  }
}
resource "aws_s3_object" "cover" {
  bucket  = aws_s3_bucket.photos.bucket
  key     = "cover"
  content = "a photo"
}
`;

describe.skipIf(isTerraformMissing)("cloudstack import of a state", () => {
  test("makes a stack of what Terraform made, and neither wants to change anything after it", async () => {
    const cloud = await startCloud();
    const folder = newTerraformFolder(environmentOf(cloud.endpoint, ACCOUNT), RESOURCES);
    onTestFinished(async () => {
      folder.remove();
      await cloud.stop();
    });
    const terraform = async (...args: string[]) => {
      const { code, text } = await folder.terraform([...args, "-no-color"]);
      if (code !== 0) throw new Error(`terraform ${args.join(" ")} ended with ${code}:\n${text}`);
    };
    await terraform("init", "-input=false");
    await terraform("apply", "-auto-approve");

    const run = (...args: string[]) =>
      cloudstack(args, folder.path, { CLOUDSTACKS_ENDPOINT: cloud.endpoint, CLOUDSTACKS_ACCOUNT: ACCOUNT });
    const common = ["--account", ACCOUNT, "--region", "us-east-1"];
    const imported = await run("import", "terraform.tfstate", "--stack", "shop", "--yes", ...common);
    expect(imported).toMatchObject({ code: 0 });
    expect(imported.out).toMatch(/bucket_versioning[.]photos +it is a part of its aws_s3_bucket and comes with it/);
    expect(imported.out).toMatch(/aws_s3_object[.]cover +CloudStacks has no type for aws_s3_object/);
    expect(imported.out).toContain("shop  7 resources: 7 to import");
    const again = await run("import", "terraform.tfstate", "--stack", "shop", "--yes", ...common);
    expect(again.out).toContain("shop  7 resources: 7 unchanged");

    const { out } = await run("export", "shop", ...common);
    expect(out).toContain("TopicArn: !Ref News");
    expect(out).toContain("Endpoint: !GetAtt Work0.Arn");
    expect(out).toMatch(/VersioningConfiguration:\n +Status: Enabled/);
    expect(readFileSync(join(folder.path, "terraform.tfstate"), "utf8")).toContain("aws_s3_object");
    await terraform("plan", "-detailed-exitcode");
  });
});
