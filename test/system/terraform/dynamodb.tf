locals {
  is_second = var.stage == "second"
}

resource "aws_dynamodb_table" "orders" {
  name                        = "orders"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "customer"
  range_key                   = "placed_at"
  deletion_protection_enabled = false

  attribute {
    name = "customer"
    type = "S"
  }
  attribute {
    name = "placed_at"
    type = "N"
  }
  attribute {
    name = "status"
    type = "S"
  }
  dynamic "attribute" {
    for_each = local.is_second ? ["region"] : []
    content {
      name = attribute.value
      type = "S"
    }
  }

  global_secondary_index {
    name            = "by-status"
    hash_key        = "status"
    range_key       = "placed_at"
    projection_type = "ALL"
  }
  dynamic "global_secondary_index" {
    for_each = local.is_second ? ["by-region"] : []
    content {
      name               = global_secondary_index.value
      hash_key           = "region"
      projection_type    = "INCLUDE"
      non_key_attributes = ["total"]
    }
  }

  ttl {
    attribute_name = "expires_at"
    enabled        = true
  }

  tags = { team = local.is_second ? "shipping" : "sales" }
}

resource "aws_dynamodb_table" "counters" {
  name           = "counters"
  billing_mode   = "PROVISIONED"
  read_capacity  = local.is_second ? 4 : 2
  write_capacity = 2
  hash_key       = "id"
  attribute {
    name = "id"
    type = "B"
  }
}

resource "aws_dynamodb_table_item" "order" {
  table_name = aws_dynamodb_table.orders.name
  hash_key   = aws_dynamodb_table.orders.hash_key
  range_key  = aws_dynamodb_table.orders.range_key
  item = jsonencode({
    customer  = { S = "ada" }
    placed_at = { N = "1700000000" }
    status    = { S = local.is_second ? "sent" : "new" }
    total     = { N = "12.5" }
  })
}

output "table_arn" { value = aws_dynamodb_table.orders.arn }
