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
