# What belongs to an account rather than to a bucket.
locals {
  is_first = var.stage == "first"
}

resource "aws_s3_account_public_access_block" "account" {
  block_public_acls   = true
  block_public_policy = local.is_first
}

data "aws_s3_account_public_access_block" "account" {
  depends_on = [aws_s3_account_public_access_block.account]
  lifecycle {
    postcondition {
      condition     = self.block_public_acls && self.block_public_policy == local.is_first
      error_message = "Public policies are blocked: ${self.block_public_policy}."
    }
  }
}

resource "aws_s3_bucket" "shared" {
  bucket = "shared-by-many"
}

resource "aws_s3_access_point" "readers" {
  name   = "readers"
  bucket = aws_s3_bucket.shared.id
  public_access_block_configuration {
    block_public_acls   = true
    block_public_policy = false
  }
  lifecycle {
    ignore_changes = [policy]
  }
}

resource "aws_s3control_access_point_policy" "readers" {
  access_point_arn = aws_s3_access_point.readers.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = var.stage
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111111111111:root" }
      Action    = "s3:GetObject"
      Resource  = "${aws_s3_access_point.readers.arn}/object/*"
    }]
  })
}

resource "aws_s3_access_point" "writers" {
  name   = local.is_first ? "writers" : "authors"
  bucket = aws_s3_bucket.shared.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111111111111:root" }
      Action    = "s3:PutObject"
      Resource  = "arn:aws:s3:us-east-1:111111111111:accesspoint/${local.is_first ? "writers" : "authors"}/object/*"
    }]
  })
}

# There are none, and so it says.
data "aws_s3_directory_buckets" "all" {
  lifecycle {
    postcondition {
      condition     = try(length(self.buckets), 0) == 0
      error_message = "Directory buckets are told."
    }
  }
}
