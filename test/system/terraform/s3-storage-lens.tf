# Dashboards over an account's buckets.
resource "aws_s3control_storage_lens_configuration" "all" {
  config_id = "all"
  storage_lens_configuration {
    enabled = var.stage == "first"
    account_level {
      activity_metrics {
        enabled = true
      }
      bucket_level {}
    }
    exclude {
      regions = ["eu-west-1"]
    }
  }
  tags = { stage = var.stage }
}
