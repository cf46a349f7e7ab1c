# A service on the web; machines in a network of its own, a bucket for what it serves, a queue for its jobs.
terraform {
  required_providers {
    cloudstacks = { source = "cloudstacks/cloudstacks" }
  }
}

locals {
  ranges = provider::cloudstacks::cidr(cloudstacks_vpc.net.cidr_block, 2)
}

resource "cloudstacks_vpc" "net" {
  name       = "shop"
  cidr_block = "10.42.0.0/16"
}

resource "cloudstacks_subnet" "front" {
  vpc_id     = cloudstacks_vpc.net.vpc_id
  name       = "shop-front"
  cidr_block = local.ranges[0]
}

resource "cloudstacks_subnet" "back" {
  vpc_id     = cloudstacks_vpc.net.vpc_id
  name       = "shop-back"
  cidr_block = local.ranges[1]
}

resource "cloudstacks_volume" "disk" {
  count = 2
  name  = "shop-${count.index + 1}-disk"
  size  = 10
}

resource "cloudstacks_instance" "web" {
  count     = 2
  name      = "shop-${count.index + 1}"
  image     = "alpine:3.22"
  subnet_id = cloudstacks_subnet.front.subnet_id
  volume_id = cloudstacks_volume.disk[count.index].volume_id
}

resource "cloudstacks_aws_s3_bucket" "assets" {
  bucket_name              = "shop-assets"
  versioning_configuration = { status = "Enabled" }
  public_access_block_configuration = {
    block_public_acls       = true
    block_public_policy     = true
    ignore_public_acls      = true
    restrict_public_buckets = true
  }
}

resource "cloudstacks_aws_sqs_queue" "jobs" {
  queue_name                        = "shop-jobs"
  receive_message_wait_time_seconds = 20
  redrive_policy = {
    dead_letter_target_arn = cloudstacks_aws_sqs_queue.dead_jobs.arn
    max_receive_count      = 5
  }
}

resource "cloudstacks_aws_sqs_queue" "dead_jobs" {
  queue_name                        = "shop-jobs-dead"
  receive_message_wait_time_seconds = 20
  message_retention_period          = 1209600
}

output "network" { value = cloudstacks_vpc.net.vpc_id }
output "assets" { value = cloudstacks_aws_s3_bucket.assets.bucket_name }
output "jobs" { value = cloudstacks_aws_sqs_queue.jobs.queue_url }
