# One address for buckets of several regions.
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
