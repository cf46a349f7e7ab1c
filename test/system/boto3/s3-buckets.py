"""What boto3 sees of what buckets do by themselves: one JSON object on standard output."""
import gzip
import json
import sys
import time
import urllib.error
import urllib.request

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

endpoint = sys.argv[1]
options = dict(
    endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="111111111111", aws_secret_access_key="secret",
    config=Config(retries={"max_attempts": 1}))
s3, sqs = boto3.client("s3", **options), boto3.client("sqs", **options)


def refusal(call, **arguments):
    try:
        call(**arguments)
        return None
    except ClientError as error:
        return [error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]]


seen = {}
s3.create_bucket(Bucket="films")
s3.create_bucket(Bucket="copies")
for bucket in ("films", "copies"):
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})

queue = sqs.create_queue(QueueName="news")["QueueUrl"]
arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
s3.put_bucket_notification_configuration(Bucket="films", NotificationConfiguration={
    "QueueConfigurations": [{"Id": "new", "QueueArn": arn, "Events": ["s3:ObjectCreated:*"]}]})
s3.put_bucket_replication(Bucket="films", ReplicationConfiguration={
    "Role": "arn:aws:iam::111111111111:role/r",
    "Rules": [{"ID": "all", "Priority": 1, "Status": "Enabled", "Filter": {"Prefix": ""},
               "DeleteMarkerReplication": {"Status": "Disabled"}, "Destination": {"Bucket": "arn:aws:s3:::copies"}}]})
s3.put_object(Bucket="films", Key="a b.mp4", Body=b"film")
# The first message is S3's test of the destination.
bodies = []
while not any("Records" in body for body in bodies):
    answer = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=10, MaxNumberOfMessages=10)
    bodies += [json.loads(message["Body"]) for message in answer["Messages"]]
assert bodies[0]["Event"] == "s3:TestEvent", bodies
record = next(body for body in bodies if "Records" in body)["Records"][0]
seen["news"] = [record["eventName"], record["s3"]["object"]["key"], record["s3"]["object"]["size"]]
for _ in range(100):
    if s3.head_object(Bucket="films", Key="a b.mp4")["ReplicationStatus"] == "COMPLETED":
        break
    time.sleep(0.1)
seen["copy"] = s3.get_object(Bucket="copies", Key="a b.mp4")["Body"].read().decode()
seen["replica"] = s3.head_object(Bucket="copies", Key="a b.mp4")["ReplicationStatus"]

key = b"k" * 32
sealed = dict(SSECustomerAlgorithm="AES256", SSECustomerKey=key)
s3.put_object(Bucket="films", Key="sealed", Body=b"secret", **sealed)
seen["sealed"] = s3.get_object(Bucket="films", Key="sealed", **sealed)["Body"].read().decode()
seen["unsealed"] = refusal(s3.get_object, Bucket="films", Key="sealed")
s3.put_object(Bucket="films", Key="kms", Body=b"secret", ServerSideEncryption="aws:kms")
seen["kms"] = s3.get_object(Bucket="films", Key="kms")["ServerSideEncryption"]

s3.put_object(Bucket="films", Key="people.csv.gz", Body=gzip.compress(b"name,age\nAda,36\nGrace,85\n"))
events = s3.select_object_content(
    Bucket="films", Key="people.csv.gz", ExpressionType="SQL",
    Expression="SELECT s.name FROM S3Object s WHERE CAST(s.age AS INT) > 40",
    InputSerialization={"CSV": {"FileHeaderInfo": "USE"}, "CompressionType": "GZIP"},
    OutputSerialization={"JSON": {}})["Payload"]
seen["selected"] = [event["Records"]["Payload"].decode() if "Records" in event else next(iter(event)) for event in events]

s3.put_object(Bucket="films", Key="cold", Body=b"ice", StorageClass="GLACIER")
seen["archived"] = refusal(s3.get_object, Bucket="films", Key="cold")
s3.restore_object(Bucket="films", Key="cold", RestoreRequest={"Days": 1})
seen["restored"] = s3.get_object(Bucket="films", Key="cold")["Body"].read().decode()

s3.put_bucket_website(Bucket="films", WebsiteConfiguration={"IndexDocument": {"Suffix": "index.html"}})
s3.put_object(Bucket="films", Key="index.html", Body=b"<h1>", ContentType="text/html")
page = urllib.request.Request(endpoint + "/", headers={"Host": "films.s3-website.localhost"})
with urllib.request.urlopen(page) as answer:
    seen["page"] = [answer.status, answer.headers["content-type"], answer.read().decode()]

s3.put_bucket_cors(Bucket="films", CORSConfiguration={"CORSRules": [
    {"AllowedMethods": ["GET"], "AllowedOrigins": ["https://*.example.com"], "ExposeHeaders": ["ETag"]}]})
asked = {"Origin": "https://a.example.com", "Access-Control-Request-Method": "GET"}
with urllib.request.urlopen(urllib.request.Request(endpoint + "/films/x", headers=asked, method="OPTIONS")) as answer:
    seen["preflight"] = [answer.status, answer.headers["access-control-allow-origin"]]
asked["Origin"] = "https://evil.com"
try:
    urllib.request.urlopen(urllib.request.Request(endpoint + "/films/x", headers=asked, method="OPTIONS"))
except urllib.error.HTTPError as problem:
    seen["no preflight"] = problem.code

url = s3.generate_presigned_url("get_object", Params={"Bucket": "films", "Key": "index.html"}, ExpiresIn=1)
time.sleep(2.1)
try:
    urllib.request.urlopen(url)
except urllib.error.HTTPError as problem:
    seen["late"] = [problem.code, b"Request has expired" in problem.read()]

seen["policy"] = [
    refusal(s3.put_bucket_policy, Bucket="films", Policy=json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::films/*"}]})),
    refusal(s3.put_bucket_policy, Bucket="films", Policy="{}"),
    refusal(s3.put_bucket_acl, Bucket="films", ACL="public-read"),
]
print(json.dumps(seen))
