"""Posts forms that boto3 has made to the endpoint given, as a browser would: one JSON object on standard output."""
import json
import sys
import urllib.error
import urllib.request
import xml.etree.ElementTree as ET

import boto3
from botocore.config import Config

endpoint = sys.argv[1]
BOUNDARY = "----WebKitFormBoundary7MA4YWxkTrZu0gW"


def client(signature_version):
    return boto3.client(
        "s3", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="111111111111",
        aws_secret_access_key="secret", config=Config(signature_version=signature_version, retries={"max_attempts": 1}))


def post(form, content, file_name="photo.txt"):
    parts = [f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
             for name, value in form["fields"].items()]
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{file_name}"\r\n\r\n'
    body = b"".join(parts) + head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()
    headers = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
    try:
        with urllib.request.urlopen(urllib.request.Request(form["url"], body, headers)) as answer:
            return [answer.status, answer.read().decode(), answer.headers.get("ETag")]
    except urllib.error.HTTPError as error:
        return [error.code, ET.fromstring(error.read()).findtext("Code")]


def stored(key):
    got = s3.get_object(Bucket="books", Key=key)
    return [len(got["Body"].read()), got["ContentType"], got["Metadata"]]


s3 = client("s3v4")
seen = {}
s3.create_bucket(Bucket="books")
asked = {"Content-Type": "text/plain", "x-amz-meta-color": "red", "success_action_status": "201"}
conditions = [{name: value} for name, value in asked.items()]
form = s3.generate_presigned_post("books", "in/${filename}", Fields=asked, Conditions=conditions)
status, body, etag = post(form, b"hello")
seen["v4"] = [status, ET.fromstring(body).findtext("Key"), etag]
seen["v4 stored"] = stored("in/photo.txt")

seen["v2"] = post(client("s3").generate_presigned_post("books", "second"), b"hello")
large = s3.generate_presigned_post("books", "large", Conditions=[["content-length-range", 1, 9_000_000]])
seen["large"] = post(large, bytes(range(256)) * 32768)
seen["large stored"] = stored("large")
seen["too large"] = post(large, b"x" * 9_000_001)
seen["too small"] = post(large, b"")
seen["another key"] = post({**form, "fields": {**form["fields"], "key": "out/a"}}, b"x")
seen["expired"] = post(s3.generate_presigned_post("books", "late", ExpiresIn=-1), b"x")
absent = s3.generate_presigned_post("absent", "k")
seen["no bucket"] = post(absent, b"x")
seen["keys"] = [entry["Key"] for entry in s3.list_objects_v2(Bucket="books")["Contents"]]
print(json.dumps(seen))
