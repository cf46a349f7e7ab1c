provider "aws" {
  alias  = "away"
  region = "eu-west-1"
}

resource "aws_dynamodb_table" "source" {
  name         = "source"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  attribute {
    name = "id"
    type = "S"
  }
  point_in_time_recovery {
    enabled = true
  }
}

resource "aws_dynamodb_table_item" "only" {
  table_name = aws_dynamodb_table.source.name
  hash_key   = "id"
  item       = jsonencode({ id = { S = "ada" } })
}

resource "aws_dynamodb_table" "restored" {
  provider                 = aws.away
  depends_on               = [aws_dynamodb_table_item.only]
  name                     = "restored"
  billing_mode             = "PAY_PER_REQUEST"
  hash_key                 = "id"
  restore_source_table_arn = aws_dynamodb_table.source.arn
  restore_to_latest_time   = true
  attribute {
    name = "id"
    type = "S"
  }
}
