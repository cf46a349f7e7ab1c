# Buckets on a rack at the customer's.
resource "aws_s3control_bucket" "rack" {
  bucket     = "on-the-rack"
  outpost_id = "op-01ac5d28a6a232904"
  tags       = { stage = var.stage }
}

resource "aws_s3control_bucket_policy" "rack" {
  bucket = aws_s3control_bucket.rack.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = var.stage
      Effect    = "Allow"
      Principal = { AWS = "111111111111" }
      Action    = "s3-outposts:GetObject"
      Resource  = "${aws_s3control_bucket.rack.arn}/object/*"
    }]
  })
}

resource "aws_s3control_bucket_lifecycle_configuration" "rack" {
  bucket = aws_s3control_bucket.rack.arn
  rule {
    id = var.stage
    expiration {
      days = 30
    }
  }
}
