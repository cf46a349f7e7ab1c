# Files come into a bucket, a queue tells workers of each, and a table holds what became of it.
terraform {
  required_providers {
    cloudstacks = { source = "cloudstacks/cloudstacks" }
  }
}

data "cloudstacks_scope" "here" {}

resource "cloudstacks_aws_s3_bucket" "uploads" {
  bucket_name = "claims-uploads"
  lifecycle_configuration = {
    rules = [{ id = "expire", status = "Enabled", expiration_in_days = 30 }]
  }
  notification_configuration = {
    queue_configurations = [{
      event  = "s3:ObjectCreated:*"
      filter = { s3_key = { rules = [{ name = "prefix", value = "in/" }] } }
      queue  = cloudstacks_aws_sqs_queue.work.arn
    }]
  }
  public_access_block_configuration = {
    block_public_acls       = true
    block_public_policy     = true
    ignore_public_acls      = true
    restrict_public_buckets = true
  }
  depends_on = [cloudstacks_aws_sqs_queue_policy.work]
}

resource "cloudstacks_aws_sqs_queue" "work" {
  queue_name                        = "claims-work"
  visibility_timeout                = 60
  receive_message_wait_time_seconds = 20
  redrive_policy = {
    dead_letter_target_arn = cloudstacks_aws_sqs_queue.dead_work.arn
    max_receive_count      = 5
  }
}

resource "cloudstacks_aws_sqs_queue" "dead_work" {
  queue_name                        = "claims-work-dead"
  receive_message_wait_time_seconds = 20
  message_retention_period          = 1209600
}

resource "cloudstacks_aws_sqs_queue_policy" "work" {
  queues = [cloudstacks_aws_sqs_queue.work.queue_url]
  policy_document = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "s3.amazonaws.com" }
      Action    = ["sqs:SendMessage"]
      Resource  = [cloudstacks_aws_sqs_queue.work.arn]
      Condition = { StringEquals = { "aws:SourceAccount" = data.cloudstacks_scope.here.account } }
    }]
  })
}

resource "cloudstacks_aws_dynamodb_table" "results" {
  table_name   = "claims-results"
  billing_mode = "PAY_PER_REQUEST"
  attribute_definitions = [
    { attribute_name = "upload", attribute_type = "S" },
    { attribute_name = "status", attribute_type = "S" },
    { attribute_name = "finishedAt", attribute_type = "N" },
  ]
  key_schema = [{ attribute_name = "upload", key_type = "HASH" }]
  global_secondary_indexes = [{
    index_name = "by-status"
    key_schema = [
      { attribute_name = "status", key_type = "HASH" },
      { attribute_name = "finishedAt", key_type = "RANGE" },
    ]
    projection = { projection_type = "ALL" }
  }]
  time_to_live_specification = { attribute_name = "expiresAt", enabled = true }
}

output "uploads" { value = cloudstacks_aws_s3_bucket.uploads.bucket_name }
output "work" { value = cloudstacks_aws_sqs_queue.work.queue_url }
output "results" { value = cloudstacks_aws_dynamodb_table.results.table_name }
