locals {
  later = var.stage == "second"
}

resource "aws_sqs_queue" "dead" {
  name                      = "orders-dead"
  message_retention_seconds = 1209600
}

resource "aws_sqs_queue" "orders" {
  name                       = "orders"
  visibility_timeout_seconds = local.later ? 90 : 45
  delay_seconds              = 5
  receive_wait_time_seconds  = 10
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead.arn
    maxReceiveCount     = local.later ? 5 : 3
  })
  tags = local.later ? { team = "shop", tier = "2" } : { team = "shop", old = "yes" }
}

resource "aws_sqs_queue" "ordered" {
  name                        = "ordered.fifo"
  fifo_queue                  = true
  content_based_deduplication = local.later
  deduplication_scope         = "messageGroup"
  fifo_throughput_limit       = "perMessageGroupId"
}

data "aws_caller_identity" "self" {}

output "account" {
  value = data.aws_caller_identity.self.account_id
}

resource "aws_sqs_queue" "events" {
  name                              = "events"
  kms_master_key_id                 = local.later ? null : "alias/aws/sqs"
  kms_data_key_reuse_period_seconds = local.later ? null : 600
  sqs_managed_sse_enabled           = local.later ? true : null
  max_message_size                  = 2048
}

resource "aws_sqs_queue_policy" "events" {
  queue_url = aws_sqs_queue.events.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = local.later ? "Topics" : "Everybody"
      Effect    = "Allow"
      Principal = "*"
      Action    = "sqs:SendMessage"
      Resource  = aws_sqs_queue.events.arn
    }]
  })
}

resource "aws_sqs_queue" "lost" {
  name = "events-lost"
}

resource "aws_sqs_queue_redrive_policy" "events" {
  queue_url = aws_sqs_queue.events.id
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.lost.arn
    maxReceiveCount     = local.later ? 8 : 4
  })
}

resource "aws_sqs_queue_redrive_allow_policy" "lost" {
  queue_url = aws_sqs_queue.lost.id
  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [aws_sqs_queue.events.arn]
  })
}

data "aws_sqs_queue" "events" {
  name = aws_sqs_queue.events.name
}

data "aws_sqs_queues" "all" {
  queue_name_prefix = "events"
  depends_on        = [aws_sqs_queue.events, aws_sqs_queue.lost]
}

output "found" {
  value = [data.aws_sqs_queue.events.arn, sort(data.aws_sqs_queues.all.queue_urls)]
}
