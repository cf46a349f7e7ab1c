"""What a boto3 user does with queues; prints one JSON object that the test compares. Usage: sqs.py ENDPOINT"""
import json
import sys

import boto3
from botocore.exceptions import ClientError

sqs = boto3.client("sqs", endpoint_url=sys.argv[1], region_name="us-east-1",
                   aws_access_key_id="111111111111", aws_secret_access_key="secret")


def failure(call, **parameters):
    try:
        call(**parameters)
    except ClientError as error:
        return [error.response["Error"]["Code"], error.response["Error"]["Message"], error.response["ResponseMetadata"]["HTTPStatusCode"]]
    return None


dead = sqs.create_queue(QueueName="dead")["QueueUrl"]
dead_arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
url = sqs.create_queue(QueueName="orders", tags={"team": "shop"}, Attributes={
    "VisibilityTimeout": "60", "RedrivePolicy": json.dumps({"deadLetterTargetArn": dead_arn, "maxReceiveCount": 3})})["QueueUrl"]
seen = {"protocol": sqs.meta.service_model.metadata["protocol"], "url": url.split("/", 3)[3]}
seen["found"] = sqs.get_queue_url(QueueName="orders")["QueueUrl"] == url
seen["listed"] = [one.rsplit("/", 1)[1] for one in sqs.list_queues()["QueueUrls"]]
seen["sources"] = sqs.list_dead_letter_source_queues(QueueUrl=dead)["queueUrls"] == [url]
seen["tags"] = sqs.list_queue_tags(QueueUrl=url)["Tags"]

# boto3 compares the MD5 of bodies and attributes itself and raises when one differs.
attributes = {"text": {"DataType": "String", "StringValue": "\u00e4"}, "bytes": {"DataType": "Binary", "BinaryValue": b"\x00\xff"}}
sqs.send_message(QueueUrl=url, MessageBody="one & <two>", MessageAttributes=attributes)
batch = sqs.send_message_batch(QueueUrl=url, Entries=[
    {"Id": "good", "MessageBody": "b"}, {"Id": "bad", "MessageBody": "b", "DelaySeconds": 901}])
seen["batch"] = [[one["Id"] for one in batch["Successful"]], [[one["Id"], one["Code"]] for one in batch["Failed"]]]
received = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, AttributeNames=["All"], MessageAttributeNames=["All"])["Messages"]
seen["bodies"] = [one["Body"] for one in received]
seen["attributes"] = received[0]["MessageAttributes"]["bytes"]["BinaryValue"].hex()
seen["count"] = received[0]["Attributes"]["ApproximateReceiveCount"]
sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=received[0]["ReceiptHandle"], VisibilityTimeout=0)
again = sqs.receive_message(QueueUrl=url)["Messages"][0]
sqs.delete_message(QueueUrl=url, ReceiptHandle=again["ReceiptHandle"])
sqs.delete_message_batch(QueueUrl=url, Entries=[{"Id": "1", "ReceiptHandle": received[1]["ReceiptHandle"]}])
seen["left"] = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]["ApproximateNumberOfMessagesNotVisible"]
sqs.set_queue_attributes(QueueUrl=url, Attributes={"DelaySeconds": "3"})
seen["empty"] = "Messages" in sqs.receive_message(QueueUrl=url)

seen["absent"] = failure(sqs.get_queue_url, QueueName="absent")
seen["exists"] = failure(sqs.create_queue, QueueName="orders", Attributes={"VisibilityTimeout": "61"})
seen["range"] = failure(sqs.receive_message, QueueUrl=url, MaxNumberOfMessages=11)
seen["receipt"] = failure(sqs.delete_message, QueueUrl=url, ReceiptHandle="nonsense")[0]
seen["empty batch"] = failure(sqs.send_message_batch, QueueUrl=url, Entries=[])
sqs.delete_queue(QueueUrl=url)
seen["deleted"] = failure(sqs.send_message, QueueUrl=url, MessageBody="x")[0]
print(json.dumps(seen))
