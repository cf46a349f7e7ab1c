# Objects as older templates write them, and what is read back of a bucket.
locals {
  is_first = var.stage == "first"
}

resource "aws_s3_bucket" "letters" {
  bucket = "letters-of-ada"
}

resource "aws_s3_bucket_object" "letter" {
  bucket       = aws_s3_bucket.letters.id
  key          = "1843/note-g"
  content      = local.is_first ? "draft" : "final"
  content_type = "text/plain"
}

resource "aws_s3_object" "copied" {
  bucket              = aws_s3_bucket.letters.id
  key                 = "1844/answer"
  content_base64      = base64encode(var.stage)
  content_disposition = "inline"
  checksum_algorithm  = "SHA256"
  tags                = { stage = var.stage }
}

resource "aws_s3_bucket_policy" "letters" {
  bucket = aws_s3_bucket.letters.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = var.stage
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111111111111:root" }
      Action    = "s3:GetObject"
      Resource  = "${aws_s3_bucket.letters.arn}/*"
    }]
  })
}

data "aws_s3_bucket_object" "letter" {
  bucket = aws_s3_bucket_object.letter.bucket
  key    = aws_s3_bucket_object.letter.key
  lifecycle {
    postcondition {
      condition     = self.body == aws_s3_bucket_object.letter.content
      error_message = "The object reads ${self.body}."
    }
  }
}

data "aws_s3_bucket_objects" "letters" {
  bucket     = aws_s3_bucket.letters.id
  prefix     = "18"
  delimiter  = "/"
  depends_on = [aws_s3_bucket_object.letter, aws_s3_object.copied]
  lifecycle {
    postcondition {
      condition     = self.common_prefixes == tolist(["1843/", "1844/"])
      error_message = "The prefixes are ${jsonencode(self.common_prefixes)}."
    }
  }
}

data "aws_s3_bucket_policy" "letters" {
  bucket = aws_s3_bucket_policy.letters.bucket
}
