"""What boto3 sees of S3 at the endpoint given: one JSON object on standard output."""
import io
import json
import sys
import urllib.error
import urllib.request

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError

endpoint = sys.argv[1]


def client(signature_version="s3v4"):
    return boto3.client(
        "s3", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="111111111111",
        aws_secret_access_key="secret", config=Config(signature_version=signature_version, retries={"max_attempts": 1}))


def refusal(call, **arguments):
    try:
        call(**arguments)
        return None
    except ClientError as error:
        return [error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]]


s3 = client()
seen = {}
s3.create_bucket(Bucket="books")
seen["buckets"] = [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]
s3.put_object(Bucket="books", Key="a/ü & <b>.txt", Body=b"hello", Metadata={"color": "red"}, ContentType="text/plain")
got = s3.get_object(Bucket="books", Key="a/ü & <b>.txt")
seen["object"] = [got["Body"].read().decode(), got["Metadata"], got["ContentType"], got["ETag"]]
seen["range"] = s3.get_object(Bucket="books", Key="a/ü & <b>.txt", Range="bytes=1-3")["Body"].read().decode()

large = bytes(range(256)) * 4096 * 12
config = TransferConfig(multipart_threshold=5 * 1024 ** 2, multipart_chunksize=5 * 1024 ** 2)
s3.upload_fileobj(io.BytesIO(large), "books", "large", Config=config)
back = io.BytesIO()
s3.download_fileobj("books", "large", back, Config=config)
seen["large"] = [back.getvalue() == large, s3.head_object(Bucket="books", Key="large")["ETag"].endswith('-3"')]

for index in range(5):
    s3.put_object(Bucket="books", Key=f"page/{index}", Body=b"")
pages = s3.get_paginator("list_objects_v2").paginate(Bucket="books", Delimiter="/", PaginationConfig={"PageSize": 1})
seen["listed"] = [[entry.get("Key") or entry.get("Prefix") for entry in page.get("Contents", []) + page.get("CommonPrefixes", [])]
                  for page in pages]
seen["v1"] = [entry["Key"] for entry in s3.list_objects(Bucket="books", Prefix="page/", MaxKeys=2)["Contents"]]

for name, signer in (("v4", client()), ("v2", client("s3"))):
    url = signer.generate_presigned_url("get_object", Params={"Bucket": "books", "Key": "page/0", "ResponseContentType": "text/x"})
    with urllib.request.urlopen(url) as answer:
        seen[f"presigned {name}"] = [answer.status, answer.headers["content-type"]]
url = client().generate_presigned_url("put_object", Params={"Bucket": "books", "Key": "presigned"})
with urllib.request.urlopen(urllib.request.Request(url, data=b"put", method="PUT")) as answer:
    seen["presigned put"] = answer.status
seen["presigned body"] = s3.get_object(Bucket="books", Key="presigned")["Body"].read().decode()

seen["refused"] = [
    refusal(s3.get_object, Bucket="books", Key="none"),
    refusal(s3.head_object, Bucket="books", Key="none"),
    refusal(s3.list_objects_v2, Bucket="nowhere"),
    refusal(s3.delete_bucket, Bucket="books"),
    refusal(s3.get_bucket_policy, Bucket="books"),
    refusal(s3.get_bucket_lifecycle_configuration, Bucket="books"),
    refusal(s3.get_bucket_cors, Bucket="books"),
    refusal(s3.get_bucket_website, Bucket="books"),
    refusal(s3.get_bucket_replication, Bucket="books"),
    refusal(s3.get_object_lock_configuration, Bucket="books"),
    refusal(s3.get_bucket_tagging, Bucket="books"),
    refusal(s3.get_bucket_torrent if hasattr(s3, "get_bucket_torrent") else s3.get_object_torrent, Bucket="books", Key="presigned"),
]
rule = {"ID": "old", "Status": "Enabled", "Filter": {"Prefix": "logs/"}, "Expiration": {"Days": 30}}
s3.put_bucket_lifecycle_configuration(Bucket="books", LifecycleConfiguration={"Rules": [rule]})
seen["lifecycle"] = s3.get_bucket_lifecycle_configuration(Bucket="books")["Rules"] == [rule]
bucket = boto3.resource("s3", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="111111111111",
                        aws_secret_access_key="secret").Bucket("books")
bucket.objects.all().delete()
bucket.delete()
seen["left"] = s3.list_buckets()["Buckets"]
print(json.dumps(seen))
