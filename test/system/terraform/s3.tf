locals {
  is_first = var.stage == "first"
}

resource "aws_s3_bucket" "reports" {
  bucket = "quarterly-reports"
  tags   = local.is_first ? { team = "finance", old = "yes" } : { team = "finance", tier = "2" }
}

resource "aws_s3_bucket_versioning" "reports" {
  bucket = aws_s3_bucket.reports.id
  versioning_configuration {
    status = local.is_first ? "Enabled" : "Suspended"
  }
}

resource "aws_s3_object" "report" {
  bucket       = aws_s3_bucket.reports.id
  key          = "2030/über uns.txt"
  content      = local.is_first ? "profit" : "loss"
  content_type = "text/plain"
  metadata     = { author = "ada" }
  tags         = { kind = local.is_first ? "draft" : "final" }
  depends_on   = [aws_s3_bucket_versioning.reports]
}

resource "aws_s3_bucket_public_access_block" "reports" {
  bucket              = aws_s3_bucket.reports.id
  block_public_acls   = false
  ignore_public_acls  = false
  block_public_policy = local.is_first
}

resource "aws_s3_bucket_ownership_controls" "reports" {
  bucket = aws_s3_bucket.reports.id
  rule {
    object_ownership = "BucketOwnerPreferred"
  }
}

resource "aws_s3_bucket_acl" "reports" {
  bucket     = aws_s3_bucket.reports.id
  acl        = local.is_first ? "public-read" : "private"
  depends_on = [aws_s3_bucket_ownership_controls.reports, aws_s3_bucket_public_access_block.reports]
}

resource "aws_s3_bucket_server_side_encryption_configuration" "reports" {
  bucket = aws_s3_bucket.reports.id
  rule {
    bucket_key_enabled = !local.is_first
    apply_server_side_encryption_by_default {
      sse_algorithm = local.is_first ? "AES256" : "aws:kms"
    }
  }
}

resource "aws_s3_bucket_cors_configuration" "reports" {
  bucket = aws_s3_bucket.reports.id
  cors_rule {
    allowed_methods = ["GET", "PUT"]
    allowed_origins = [local.is_first ? "*" : "https://example.com"]
    allowed_headers = ["*"]
    max_age_seconds = 60
  }
}

resource "aws_s3_bucket_website_configuration" "reports" {
  bucket = aws_s3_bucket.reports.id
  index_document {
    suffix = local.is_first ? "index.html" : "start.html"
  }
  error_document {
    key = "error.html"
  }
}

resource "aws_s3_bucket_policy" "reports" {
  bucket = aws_s3_bucket.reports.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111111111111:root" }
      Action    = concat(["s3:GetObject"], local.is_first ? [] : ["s3:ListBucket"])
      Resource  = ["${aws_s3_bucket.reports.arn}/*", aws_s3_bucket.reports.arn]
    }]
  })
}

resource "aws_s3_bucket_logging" "reports" {
  bucket        = aws_s3_bucket.reports.id
  target_bucket = aws_s3_bucket.logs.id
  target_prefix = "${var.stage}/"
}

resource "aws_s3_bucket" "logs" {
  bucket_prefix       = "logs-"
  force_destroy       = true
  object_lock_enabled = true
}

resource "aws_s3_object" "locked" {
  bucket  = aws_s3_bucket.logs.id
  key     = "held"
  content = var.stage
}
