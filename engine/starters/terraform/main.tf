# cloudstack terraform init && cloudstack terraform apply
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {}

resource "aws_sqs_queue" "lost" {
  name = "{{project}}-lost"
}

resource "aws_sqs_queue" "work" {
  name                       = "{{project}}-work"
  visibility_timeout_seconds = 60
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.lost.arn
    maxReceiveCount     = 5
  })
}

resource "aws_s3_bucket" "files" {
  bucket = "{{project}}-files"
}

output "queue_url" { value = aws_sqs_queue.work.url }
