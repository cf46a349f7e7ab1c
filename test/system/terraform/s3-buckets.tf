locals {
  is_first = var.stage == "first"
}

resource "aws_s3_bucket" "films" {
  bucket        = "films-of-the-year"
  force_destroy = true
}

resource "aws_s3_bucket" "copies" {
  bucket        = "copies-of-films"
  force_destroy = true
}

resource "aws_s3_bucket_versioning" "films" {
  for_each = { films = aws_s3_bucket.films.id, copies = aws_s3_bucket.copies.id }
  bucket   = each.value
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "films" {
  bucket = aws_s3_bucket.films.id
  rule {
    id     = "cold"
    status = "Enabled"
    filter {
      and {
        prefix                   = "old/"
        object_size_greater_than = 500
        tags                     = { kind = "film" }
      }
    }
    transition {
      days          = local.is_first ? 30 : 40
      storage_class = "STANDARD_IA"
    }
    transition {
      days          = 90
      storage_class = "GLACIER"
    }
    expiration {
      days = 365
    }
  }
  rule {
    id     = "versions"
    status = local.is_first ? "Enabled" : "Disabled"
    filter {
      prefix = ""
    }
    noncurrent_version_expiration {
      noncurrent_days           = 7
      newer_noncurrent_versions = 3
    }
    noncurrent_version_transition {
      noncurrent_days = 3
      storage_class   = "GLACIER_IR"
    }
    abort_incomplete_multipart_upload {
      days_after_initiation = 2
    }
  }
  rule {
    id     = "markers"
    status = "Enabled"
    filter {}
    expiration {
      expired_object_delete_marker = true
    }
  }
}

resource "aws_s3_bucket_replication_configuration" "films" {
  depends_on = [aws_s3_bucket_versioning.films]
  bucket     = aws_s3_bucket.films.id
  role       = "arn:aws:iam::111111111111:role/replication"
  rule {
    id       = "all"
    priority = local.is_first ? 1 : 2
    status   = "Enabled"
    filter {
      prefix = local.is_first ? "" : "new/"
    }
    delete_marker_replication {
      status = "Enabled"
    }
    destination {
      bucket        = aws_s3_bucket.copies.arn
      storage_class = "STANDARD_IA"
    }
  }
}

resource "aws_sqs_queue" "news" {
  name = "film-news"
}

resource "aws_s3_bucket_notification" "films" {
  bucket = aws_s3_bucket.films.id
  queue {
    id            = "arrivals"
    queue_arn     = aws_sqs_queue.news.arn
    events        = local.is_first ? ["s3:ObjectCreated:*"] : ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"]
    filter_prefix = "in/"
    filter_suffix = ".mp4"
  }
}

resource "aws_s3_bucket_request_payment_configuration" "films" {
  bucket = aws_s3_bucket.films.id
  payer  = local.is_first ? "Requester" : "BucketOwner"
}

resource "aws_s3_bucket_accelerate_configuration" "films" {
  bucket = aws_s3_bucket.films.id
  status = local.is_first ? "Enabled" : "Suspended"
}

resource "aws_s3_bucket_inventory" "films" {
  bucket                   = aws_s3_bucket.films.id
  name                     = "weekly"
  included_object_versions = local.is_first ? "All" : "Current"
  schedule {
    frequency = "Weekly"
  }
  destination {
    bucket {
      format     = "CSV"
      bucket_arn = aws_s3_bucket.copies.arn
    }
  }
}

resource "aws_s3_bucket_analytics_configuration" "films" {
  bucket = aws_s3_bucket.films.id
  name   = "access"
  filter {
    prefix = local.is_first ? "in/" : "out/"
  }
  storage_class_analysis {
    data_export {
      destination {
        s3_bucket_destination {
          bucket_arn = aws_s3_bucket.copies.arn
        }
      }
    }
  }
}

resource "aws_s3_bucket_metric" "films" {
  bucket = aws_s3_bucket.films.id
  name   = "requests"
  filter {
    prefix = local.is_first ? "in/" : "out/"
  }
}

resource "aws_s3_bucket_intelligent_tiering_configuration" "films" {
  bucket = aws_s3_bucket.films.id
  name   = "archive"
  status = local.is_first ? "Enabled" : "Disabled"
  tiering {
    access_tier = "DEEP_ARCHIVE_ACCESS"
    days        = 180
  }
}

resource "aws_s3_bucket_object_lock_configuration" "films" {
  depends_on = [aws_s3_bucket_versioning.films]
  bucket     = aws_s3_bucket.copies.id
  rule {
    default_retention {
      mode = "GOVERNANCE"
      days = local.is_first ? 1 : 2
    }
  }
}

resource "aws_s3_bucket_website_configuration" "films" {
  bucket = aws_s3_bucket.films.id
  index_document {
    suffix = "index.html"
  }
  routing_rule {
    condition {
      key_prefix_equals = "old/"
    }
    redirect {
      replace_key_prefix_with = local.is_first ? "new/" : "newer/"
    }
  }
}

resource "aws_s3_bucket_cors_configuration" "films" {
  bucket = aws_s3_bucket.films.id
  cors_rule {
    id              = "site"
    allowed_methods = ["GET", "HEAD"]
    allowed_origins = ["https://*.example.com"]
    expose_headers  = local.is_first ? ["ETag"] : ["ETag", "x-amz-version-id"]
    max_age_seconds = 3000
  }
}

resource "aws_s3_object" "film" {
  bucket        = aws_s3_bucket_versioning.films["films"].bucket
  key           = "in/a.mp4"
  content       = local.is_first ? "one" : "two"
  storage_class = "STANDARD_IA"
  cache_control = "max-age=60"
  force_destroy = true
}

resource "aws_s3_object_copy" "film" {
  bucket = aws_s3_bucket.films.id
  key    = "copy.mp4"
  source = "${aws_s3_object.film.bucket}/${aws_s3_object.film.key}"
  tags   = { stage = var.stage }

  tagging_directive = "REPLACE"
}

data "aws_s3_bucket" "films" {
  bucket = aws_s3_bucket.films.id
}

data "aws_s3_object" "film" {
  bucket = aws_s3_object.film.bucket
  key    = aws_s3_object.film.key
}

data "aws_s3_objects" "films" {
  bucket = aws_s3_object.film.bucket
  prefix = "in/"
}

data "aws_canonical_user_id" "current" {}

output "found" {
  value = {
    region = data.aws_s3_bucket.films.region
    etag   = data.aws_s3_object.film.etag
    keys   = data.aws_s3_objects.films.keys
    owner  = length(data.aws_canonical_user_id.current.id)
  }
}
