locals {
  is_first = var.stage == "first"
}

resource "aws_s3_bucket" "photos" {
  bucket = "holiday-photos"
  tags   = local.is_first ? { team = "travel" } : { team = "archive", year = "2030" }
}

resource "aws_s3_bucket_versioning" "photos" {
  bucket = aws_s3_bucket.photos.id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_object" "beach" {
  bucket     = aws_s3_bucket_versioning.photos.bucket
  key        = "2030/beach.txt"
  content    = local.is_first ? "sand" : "sand and sea"
  depends_on = [aws_s3_bucket_versioning.photos]
}

resource "aws_sqs_queue" "dead" {
  name = "resize-dead"
}

resource "aws_sqs_queue" "resize" {
  name                       = "resize"
  visibility_timeout_seconds = local.is_first ? 45 : 90
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead.arn
    maxReceiveCount     = 3
  })
}

resource "aws_dynamodb_table" "albums" {
  name         = "albums"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "owner"
  range_key    = "album"
  tags         = { team = local.is_first ? "travel" : "archive" }

  dynamic "attribute" {
    for_each = local.is_first ? ["owner", "album", "place"] : ["owner", "album", "place", "year"]
    content {
      name = attribute.value
      type = "S"
    }
  }
  dynamic "global_secondary_index" {
    for_each = local.is_first ? ["place"] : ["place", "year"]
    content {
      name            = "by-${global_secondary_index.value}"
      hash_key        = global_secondary_index.value
      projection_type = "ALL"
    }
  }
}
