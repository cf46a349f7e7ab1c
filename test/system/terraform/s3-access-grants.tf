# Grants to parts of buckets, and who gives them.
locals {
  is_first = var.stage == "first"
}

resource "aws_s3control_access_grants_instance" "account" {
  tags = { stage = var.stage }
}

resource "aws_s3control_access_grants_location" "all" {
  depends_on     = [aws_s3control_access_grants_instance.account]
  iam_role_arn   = "arn:aws:iam::111111111111:role/${local.is_first ? "grants" : "granting"}"
  location_scope = "s3://"
}

resource "aws_s3control_access_grant" "reports" {
  access_grants_location_id = aws_s3control_access_grants_location.all.access_grants_location_id
  permission                = "READ"
  tags                      = { stage = var.stage }
  access_grants_location_configuration {
    s3_sub_prefix = "reports/*"
  }
  grantee {
    grantee_type       = "IAM"
    grantee_identifier = "arn:aws:iam::111111111111:user/ada"
  }
}

resource "aws_s3control_access_grants_instance_resource_policy" "account" {
  depends_on = [aws_s3control_access_grants_instance.account]
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = var.stage
      Effect    = "Allow"
      Principal = { AWS = "222222222222" }
      Action    = ["s3:ListAccessGrants"]
      Resource  = aws_s3control_access_grants_instance.account.access_grants_instance_arn
    }]
  })
}
