# Buckets of one zone.
resource "aws_s3_directory_bucket" "near" {
  bucket        = "near-${var.stage}--use1-az4--x-s3"
  force_destroy = true
  location {
    name = "use1-az4"
  }
}

data "aws_s3_directory_buckets" "all" {
  depends_on = [aws_s3_directory_bucket.near]
}
