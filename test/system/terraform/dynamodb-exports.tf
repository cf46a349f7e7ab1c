# A table's items in a bucket, and the names of all tables.
resource "aws_s3_bucket" "archive" {
  bucket        = "archive-of-tables"
  force_destroy = true
}

resource "aws_dynamodb_table" "films" {
  name         = "films"
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

resource "aws_dynamodb_table_item" "film" {
  table_name = aws_dynamodb_table.films.name
  hash_key   = "id"
  item       = jsonencode({ id = { S = "metropolis" }, year = { N = "1927" } })
}

resource "aws_dynamodb_table_export" "films" {
  table_arn     = aws_dynamodb_table.films.arn
  s3_bucket     = aws_s3_bucket.archive.id
  s3_prefix     = "films-${var.stage}"
  export_format = "DYNAMODB_JSON"
  depends_on    = [aws_dynamodb_table_item.film]
  lifecycle {
    postcondition {
      condition     = self.item_count == 1
      error_message = "The export has ${self.item_count} items."
    }
  }
}

data "aws_dynamodb_tables" "all" {
  depends_on = [aws_dynamodb_table.films]
  lifecycle {
    postcondition {
      condition     = self.names == tolist(["films"])
      error_message = "The tables are ${jsonencode(self.names)}."
    }
  }
}
