# Everything the provider has around a table: recovery, streams, replicas, policies, insights, destinations, copies.
locals {
  is_second = var.stage == "second"
}

provider "aws" {
  alias  = "away"
  region = "eu-west-1"
}

resource "aws_dynamodb_table" "main" {
  name             = "main"
  billing_mode     = "PAY_PER_REQUEST"
  hash_key         = "id"
  range_key        = "at"
  table_class      = local.is_second ? "STANDARD_INFREQUENT_ACCESS" : "STANDARD"
  stream_enabled   = true
  stream_view_type = "NEW_AND_OLD_IMAGES"

  attribute {
    name = "id"
    type = "S"
  }
  attribute {
    name = "at"
    type = "N"
  }
  attribute {
    name = "rank"
    type = "N"
  }
  local_secondary_index {
    name            = "by-rank"
    range_key       = "rank"
    projection_type = "KEYS_ONLY"
  }

  point_in_time_recovery {
    enabled                 = true
    recovery_period_in_days = local.is_second ? 7 : 35
  }
  server_side_encryption {
    enabled = true
  }
  on_demand_throughput {
    max_read_request_units  = local.is_second ? 20 : 10
    max_write_request_units = 10
  }
  ttl {
    attribute_name = "expires"
    enabled        = local.is_second
  }

  dynamic "replica" {
    for_each = local.is_second ? ["us-west-2", "eu-west-1"] : ["eu-west-1"]
    content {
      region_name            = replica.value
      point_in_time_recovery = true
    }
  }
  tags = { stage = var.stage }
}

resource "aws_dynamodb_contributor_insights" "main" {
  table_name = aws_dynamodb_table.main.name
}

resource "aws_dynamodb_kinesis_streaming_destination" "main" {
  table_name                               = aws_dynamodb_table.main.name
  stream_arn                               = "arn:aws:kinesis:us-east-1:111111111111:stream/changes"
  approximate_creation_date_time_precision = "MICROSECOND"
}

resource "aws_dynamodb_resource_policy" "main" {
  resource_arn = aws_dynamodb_table.main.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = var.stage
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111111111111:root" }
      Action    = "dynamodb:GetItem"
      Resource  = aws_dynamodb_table.main.arn
    }]
  })
}

resource "aws_dynamodb_tag" "shared" {
  resource_arn = aws_dynamodb_table.shared.arn
  key          = "where"
  value        = local.is_second ? "abroad" : "away"
}

resource "aws_dynamodb_table" "shared" {
  name         = "shared"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  attribute {
    name = "id"
    type = "S"
  }
  lifecycle {
    ignore_changes = [tags, tags_all]
  }
}

resource "aws_dynamodb_table" "older" {
  name             = "older"
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

resource "aws_dynamodb_table" "older_away" {
  provider         = aws.away
  name             = "older"
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

resource "aws_dynamodb_global_table" "older" {
  name       = "older"
  depends_on = [aws_dynamodb_table.older, aws_dynamodb_table.older_away]
  replica {
    region_name = "us-east-1"
  }
  dynamic "replica" {
    for_each = ["eu-west-1"]
    content {
      region_name = replica.value
    }
  }
}

resource "aws_dynamodb_table" "restored" {
  name                   = "restored"
  billing_mode           = "PAY_PER_REQUEST"
  hash_key               = "id"
  range_key              = "at"
  restore_source_name    = aws_dynamodb_table.main.name
  restore_to_latest_time = true
  on_demand_throughput {
    max_read_request_units  = 10
    max_write_request_units = 10
  }
  attribute {
    name = "id"
    type = "S"
  }
  attribute {
    name = "at"
    type = "N"
  }
  attribute {
    name = "rank"
    type = "N"
  }
  local_secondary_index {
    name            = "by-rank"
    range_key       = "rank"
    projection_type = "KEYS_ONLY"
  }
}

data "aws_dynamodb_table" "main" {
  name = aws_dynamodb_table.main.name
}

data "aws_dynamodb_table_item" "one" {
  table_name = aws_dynamodb_table_item.one.table_name
  key        = jsonencode({ id = { S = "one" } })
}

resource "aws_dynamodb_table_item" "one" {
  table_name = aws_dynamodb_table.shared.name
  hash_key   = "id"
  item       = jsonencode({ id = { S = "one" }, n = { N = local.is_second ? "2" : "1" } })
}
