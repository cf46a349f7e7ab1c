"""What a boto3 user does with topics; prints one JSON object that the test compares. Usage: sns.py ENDPOINT"""
import base64
import json
import ssl
import sys
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer

import boto3
from botocore.exceptions import ClientError

options = dict(endpoint_url=sys.argv[1], region_name="us-east-1", aws_access_key_id="111111111111", aws_secret_access_key="secret")
sns = boto3.client("sns", **options)
sqs = boto3.client("sqs", **options)


def failure(call, **parameters):
    try:
        call(**parameters)
    except ClientError as error:
        return [error.response["Error"]["Code"], error.response["Error"]["Message"], error.response["ResponseMetadata"]["HTTPStatusCode"]]
    return None


def queue(name, **attributes):
    return sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]


def bodies(url):
    return [one["Body"] for one in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])]


def arn_of(url):
    return sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]


seen = {}
topic = sns.create_topic(Name="news", Tags=[{"Key": "team", "Value": "press"}], Attributes={"DisplayName": "News"})["TopicArn"]
seen["topic"] = [topic, sns.get_topic_attributes(TopicArn=topic)["Attributes"]["DisplayName"], sns.list_tags_for_resource(ResourceArn=topic)["Tags"]]
seen["listed"] = [one["TopicArn"] for page in sns.get_paginator("list_topics").paginate() for one in page["Topics"]]

reader, raw = queue("reader"), queue("raw")
first = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn_of(reader), ReturnSubscriptionArn=True)["SubscriptionArn"]
sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn_of(raw), Attributes={
    "RawMessageDelivery": "true", "FilterPolicy": json.dumps({"kind": [{"anything-but": "dull"}]})})
kind = lambda value: {"kind": {"DataType": "String", "StringValue": value}}
sns.publish(TopicArn=topic, Message="lively", Subject="S", MessageAttributes=kind("new"))
sns.publish(TopicArn=topic, Message="dull", MessageAttributes=kind("dull"))
batch = sns.publish_batch(TopicArn=topic, PublishBatchRequestEntries=[
    {"Id": "good", "Message": "in a batch", "MessageAttributes": kind("x")}, {"Id": "bad", "Message": "x", "Subject": "a\nb"}])
seen["batch"] = [[one["Id"] for one in batch["Successful"]], [[one["Id"], one["Code"]] for one in batch["Failed"]]]
seen["raw"] = bodies(raw)
notifications = [json.loads(body) for body in bodies(reader)]
seen["read"] = [one["Message"] for one in notifications]
seen["subject"] = notifications[0].get("Subject")
sns.set_subscription_attributes(SubscriptionArn=first, AttributeName="RawMessageDelivery", AttributeValue="true")
seen["subscription"] = sns.get_subscription_attributes(SubscriptionArn=first)["Attributes"]["RawMessageDelivery"]
sns.unsubscribe(SubscriptionArn=first)
seen["subscriptions"] = len(sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"])

# A web endpoint of our own confirms its subscription, then gets what is published.
posts, arrived = [], threading.Condition()


class Inbox(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        if self.path == "/guarded" and self.headers["authorization"] != "Basic " + base64.b64encode(b"me:secret").decode():
            self.send_response(401)
            self.send_header("www-authenticate", 'Basic realm="inbox"')
            return self.end_headers()
        with arrived:
            posts.append([self.headers["x-amz-sns-message-type"], json.loads(body)])
            arrived.notify()
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


inbox = HTTPServer(("127.0.0.1", 0), Inbox)
threading.Thread(target=inbox.serve_forever, daemon=True).start()


def post(number):
    with arrived:
        arrived.wait_for(lambda: len(posts) > number, timeout=20)
        return posts[number]


web = sns.create_topic(Name="web")["TopicArn"]
sns.subscribe(TopicArn=web, Protocol="http", Endpoint=f"http://127.0.0.1:{inbox.server_port}/inbox")
confirmation = post(0)
sns.confirm_subscription(TopicArn=web, Token=confirmation[1]["Token"])
sns.publish(TopicArn=web, Message="over the web")
delivered = post(1)
trust = ssl.create_default_context()
certificate = urllib.request.urlopen(delivered[1]["SigningCertURL"], context=trust if sys.argv[1].startswith("https") else None).read()
seen["web"] = [confirmation[0], delivered[0], delivered[1]["Message"], certificate.startswith(b"-----BEGIN CERTIFICATE-----")]
try:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import padding
    from cryptography.hazmat.primitives import hashes
    document = delivered[1]
    signed = "".join(f"{name}\n{document[name]}\n" for name in ["Message", "MessageId", "Timestamp", "TopicArn", "Type"])
    key = x509.load_pem_x509_certificate(certificate).public_key()
    key.verify(base64.b64decode(document["Signature"]), signed.encode(), padding.PKCS1v15(), hashes.SHA1())
except ImportError:
    pass

guarded = sns.create_topic(Name="guarded")["TopicArn"]
sns.subscribe(TopicArn=guarded, Protocol="http", Endpoint=f"http://me:secret@127.0.0.1:{inbox.server_port}/guarded")
seen["guarded"] = post(2)[1]["TopicArn"] == guarded
seen["text"] = "MessageId" in sns.publish(PhoneNumber="+12065550100", Message="bread", MessageAttributes={
    "AWS.SNS.SMS.SenderID": {"DataType": "String", "StringValue": "Bakery"}, "AWS.SNS.SMS.MaxPrice": {"DataType": "Number", "StringValue": "0.50"}})

ordered = sns.create_topic(Name="ordered.fifo", Attributes={"FifoTopic": "true", "ContentBasedDeduplication": "true"})["TopicArn"]
line = queue("ordered.fifo", FifoQueue="true")
sns.subscribe(TopicArn=ordered, Protocol="sqs", Endpoint=arn_of(line), Attributes={"RawMessageDelivery": "true"})
for message in ["1", "2", "2", "3"]:
    sns.publish(TopicArn=ordered, Message=message, MessageGroupId="g")
seen["ordered"] = bodies(line)

seen["absent"] = failure(sns.publish, TopicArn=topic + "-none", Message="x")
seen["empty"] = failure(sns.publish, TopicArn=topic, Message="")
seen["protocol"] = failure(sns.subscribe, TopicArn=topic, Protocol="fax", Endpoint="1")
seen["filter"] = failure(sns.subscribe, TopicArn=topic, Protocol="sqs", Endpoint=arn_of(reader), Attributes={"FilterPolicy": '{"a": [{"like": "b"}]}'})
seen["function"] = failure(sns.subscribe, TopicArn=topic, Protocol="lambda", Endpoint="arn:aws:lambda:us-east-1:111111111111:function:f")[0]
sns.delete_topic(TopicArn=topic)
seen["deleted"] = failure(sns.get_topic_attributes, TopicArn=topic)[0]
print(json.dumps(seen))
