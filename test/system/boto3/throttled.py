"""Calls of several protocols under rules that throttle each of them twice: boto3 tries again and succeeds."""
import json
import sys

import boto3
from botocore.exceptions import ClientError

endpoint = sys.argv[1]


def client(service):
    return boto3.client(
        service,
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="111111111111",
        aws_secret_access_key="secret",
    )


def told(call):
    """How often it was tried again, or the code of the failure."""
    try:
        return call()["ResponseMetadata"]["RetryAttempts"]
    except ClientError as error:
        return error.response["Error"]["Code"]


dynamodb = client("dynamodb")
print(
    json.dumps(
        {
            "s3": told(lambda: client("s3").create_bucket(Bucket="photos")),
            "sqs": told(lambda: client("sqs").create_queue(QueueName="jobs")),
            "sns": told(lambda: client("sns").create_topic(Name="news")),
            "iam": told(lambda: client("iam").list_roles()),
            "sts": told(lambda: client("sts").get_caller_identity()),
            "dynamodb": told(lambda: dynamodb.list_tables()),
            "denied": told(lambda: client("kms").list_keys()),
        }
    )
)
