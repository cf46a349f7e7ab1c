# A replica as a resource of its own, which belongs to the replica's region.
provider "aws" {
  alias  = "away"
  region = "eu-west-1"
}

resource "aws_dynamodb_table" "home" {
  provider         = aws.away
  name             = "seen-abroad"
  billing_mode     = "PAY_PER_REQUEST"
  hash_key         = "id"
  stream_enabled   = true
  stream_view_type = "NEW_AND_OLD_IMAGES"
  attribute {
    name = "id"
    type = "S"
  }
  lifecycle {
    ignore_changes = [replica]
  }
}

resource "aws_dynamodb_table_replica" "here" {
  global_table_arn       = aws_dynamodb_table.home.arn
  point_in_time_recovery = var.stage == "second"
  tags                   = { stage = var.stage }
}
