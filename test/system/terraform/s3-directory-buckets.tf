# Buckets of one zone.
resource "aws_s3_directory_bucket" "near" {
  bucket        = "near-${var.stage}--use1-az4--x-s3"
  force_destroy = true
  location {
    name = "use1-az4"
  }
}

resource "aws_s3control_directory_bucket_access_point_scope" "near" {
  account_id = "111111111111"
  name       = "near--use1-az4--xa-s3"
  scope {
    permissions = ["GetObject"]
    prefixes    = [var.stage]
  }
}
