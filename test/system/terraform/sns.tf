locals {
  first = var.stage == "first"
}

resource "aws_sns_topic" "news" {
  name            = "news"
  display_name    = local.first ? "News" : "Latest"
  delivery_policy = local.first ? null : jsonencode({
    http = {
      defaultHealthyRetryPolicy = {
        minDelayTarget = 5, maxDelayTarget = 60, numRetries = 7, numMaxDelayRetries = 2
        numNoDelayRetries = 1, numMinDelayRetries = 1, backoffFunction = "exponential"
      }
      disableSubscriptionOverrides = false
    }
  })
  kms_master_key_id                 = "alias/aws/sns"
  signature_version                 = 2
  tracing_config                    = local.first ? "PassThrough" : "Active"
  sqs_success_feedback_role_arn     = "arn:aws:iam::111111111111:role/feedback"
  sqs_success_feedback_sample_rate  = 50
  http_failure_feedback_role_arn    = "arn:aws:iam::111111111111:role/feedback"
  tags                              = local.first ? { team = "press", old = "yes" } : { team = "press" }
}

resource "aws_sns_topic" "ordered" {
  name                        = "ordered.fifo"
  fifo_topic                  = true
  content_based_deduplication = local.first
  # A topic that archives cannot be destroyed, so the archive ends before.
  archive_policy              = local.first ? jsonencode({ MessageRetentionPeriod = 30 }) : null
}

resource "aws_sns_topic" "named_by_terraform" {}

resource "aws_sns_topic_policy" "news" {
  arn = aws_sns_topic.news.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = local.first ? "AllowPublish" : "AllowEverybody"
      Effect    = "Allow"
      Principal = { AWS = local.first ? "arn:aws:iam::222222222222:root" : "*" }
      Action    = "SNS:Publish"
      Resource  = aws_sns_topic.news.arn
    }]
  })
}

resource "aws_sns_topic_data_protection_policy" "named" {
  arn = aws_sns_topic.named_by_terraform.arn
  policy = jsonencode({
    Name        = "__example_data_protection_policy"
    Description = local.first ? "Deny addresses" : "Deny all addresses"
    Version     = "2021-06-01"
    Statement = [{
      DataDirection  = "Inbound"
      DataIdentifier = [
        "arn:aws:dataprotection::aws:data-identifier/${local.first ? "EmailAddress" : "CreditCardNumber"}",
      ]
      Operation      = { Deny = {} }
      Principal      = ["*"]
      Sid            = "__deny_statement_11ba9d96"
    }]
  })
}

resource "aws_sqs_queue" "reader" {
  name = "reader"
}

resource "aws_sqs_queue" "lost" {
  name = "lost"
}

resource "aws_sqs_queue" "ordered" {
  name       = "ordered.fifo"
  fifo_queue = true
}

resource "aws_sns_topic_subscription" "reader" {
  topic_arn            = aws_sns_topic.news.arn
  protocol             = "sqs"
  endpoint             = aws_sqs_queue.reader.arn
  raw_message_delivery = local.first
  filter_policy_scope  = local.first ? "MessageAttributes" : "MessageBody"
  filter_policy        = local.first ? jsonencode({ kind = ["a", "b"] }) : jsonencode({ kind = [{ prefix = "a" }] })
  redrive_policy       = jsonencode({ deadLetterTargetArn = aws_sqs_queue.lost.arn })
}

resource "aws_sns_topic_subscription" "ordered" {
  topic_arn = aws_sns_topic.ordered.arn
  protocol  = "sqs"
  endpoint  = aws_sqs_queue.ordered.arn
}

resource "aws_sns_topic_subscription" "phone" {
  topic_arn = aws_sns_topic.news.arn
  protocol  = "sms"
  endpoint  = "+12065550100"
}

resource "aws_sns_platform_application" "app" {
  name                         = "app"
  platform                     = "GCM"
  platform_credential          = local.first ? "key-1" : "key-2"
  success_feedback_sample_rate = "100"
}

resource "aws_sns_sms_preferences" "texts" {
  default_sms_type  = local.first ? "Promotional" : "Transactional"
  default_sender_id = "Shop"
}

data "aws_sns_topic" "news" {
  name       = aws_sns_topic.news.name
  depends_on = [aws_sns_topic.news]
}

output "found" {
  value = data.aws_sns_topic.news.arn
}
