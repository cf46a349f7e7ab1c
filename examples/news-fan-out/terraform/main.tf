# What is published once arrives in a queue of each reader, all of it or what its filter lets through.
terraform {
  required_providers {
    cloudstacks = { source = "cloudstacks/cloudstacks" }
  }
}

locals {
  readers = {
    billing = { kind = ["paid", "refunded"] }
    audit   = null
  }
}

resource "cloudstacks_aws_sns_topic" "orders" { topic_name = "orders" }

resource "cloudstacks_aws_sqs_queue" "reader" {
  for_each                          = local.readers
  queue_name                        = "orders-${each.key}"
  receive_message_wait_time_seconds = 20
  redrive_policy = {
    dead_letter_target_arn = cloudstacks_aws_sqs_queue.dead[each.key].arn
    max_receive_count      = 5
  }
}

resource "cloudstacks_aws_sqs_queue" "dead" {
  for_each                          = local.readers
  queue_name                        = "orders-${each.key}-dead"
  receive_message_wait_time_seconds = 20
  message_retention_period          = 1209600
}

resource "cloudstacks_aws_sqs_queue_policy" "reader" {
  for_each = local.readers
  queues   = [cloudstacks_aws_sqs_queue.reader[each.key].queue_url]
  policy_document = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "sns.amazonaws.com" }
      Action    = ["sqs:SendMessage"]
      Resource  = [cloudstacks_aws_sqs_queue.reader[each.key].arn]
      Condition = { ArnEquals = { "aws:SourceArn" = cloudstacks_aws_sns_topic.orders.topic_arn } }
    }]
  })
}

resource "cloudstacks_aws_sns_subscription" "reader" {
  for_each             = local.readers
  topic_arn            = cloudstacks_aws_sns_topic.orders.topic_arn
  protocol             = "sqs"
  endpoint             = cloudstacks_aws_sqs_queue.reader[each.key].arn
  raw_message_delivery = true
  filter_policy        = each.value == null ? null : jsonencode(each.value)
  depends_on           = [cloudstacks_aws_sqs_queue_policy.reader]
}

output "topic" { value = cloudstacks_aws_sns_topic.orders.topic_arn }
