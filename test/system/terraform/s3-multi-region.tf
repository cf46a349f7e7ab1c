# One address for buckets of several regions, and functions and dashboards over buckets.
resource "aws_s3_bucket" "home" {
  bucket = "home-of-many-regions"
}

resource "aws_s3control_multi_region_access_point" "everywhere" {
  details {
    name = "everywhere-${var.stage}"
    region {
      bucket = aws_s3_bucket.home.id
    }
  }
  timeouts {
    create = "20s"
    delete = "20s"
  }
}

resource "aws_s3control_multi_region_access_point_policy" "everywhere" {
  details {
    name = split(":", aws_s3control_multi_region_access_point.everywhere.id)[1]
    policy = jsonencode({
      Version = "2012-10-17"
      Statement = [{
        Sid       = var.stage
        Effect    = "Allow"
        Principal = { AWS = "111111111111" }
        Action    = ["s3:GetObject"]
        Resource  = "${aws_s3control_multi_region_access_point.everywhere.arn}/object/*"
      }]
    })
  }
}

data "aws_s3control_multi_region_access_point" "everywhere" {
  name = split(":", aws_s3control_multi_region_access_point.everywhere.id)[1]
}

resource "aws_s3_access_point" "supporting" {
  name   = "supporting"
  bucket = aws_s3_bucket.home.id
}

resource "aws_s3control_object_lambda_access_point" "shrunk" {
  name = "shrunk"
  configuration {
    supporting_access_point = aws_s3_access_point.supporting.arn
    transformation_configuration {
      actions = ["GetObject"]
      content_transformation {
        aws_lambda {
          function_arn = "arn:aws:lambda:us-east-1:111111111111:function:${var.stage}"
        }
      }
    }
  }
}

resource "aws_s3control_object_lambda_access_point_policy" "shrunk" {
  name = aws_s3control_object_lambda_access_point.shrunk.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = var.stage
      Effect    = "Allow"
      Principal = { AWS = "111111111111" }
      Action    = ["s3-object-lambda:GetObject"]
      Resource  = aws_s3control_object_lambda_access_point.shrunk.arn
    }]
  })
}

resource "aws_s3control_storage_lens_configuration" "all" {
  config_id = "all"
  storage_lens_configuration {
    enabled = var.stage == "first"
    account_level {
      bucket_level {}
    }
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
