terraform {
  required_providers {
    aws = { source = "hashicorp/aws", version = "~> 5.100" }
  }
}

provider "aws" {
  default_tags {
    tags = { team = "shop" }
  }
}

resource "aws_dynamodb_table" "orders" {
  name         = "orders"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "customer"

  attribute {
    name = "customer"
    type = "S"
  }
  point_in_time_recovery {
    enabled = false
  }
}

resource "aws_s3_bucket" "receipts" {
  bucket = "shop-receipts"
}

resource "aws_s3_bucket_versioning" "receipts" {
  bucket = aws_s3_bucket.receipts.bucket
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_sns_topic" "news" {
  name              = "shop-news"
  kms_master_key_id = "alias/aws/sns"
}
