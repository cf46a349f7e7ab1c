# Functions between a bucket and its readers.
resource "aws_s3_bucket" "home" {
  bucket = "home-of-functions"
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
