"""What a boto3 program does with a table; prints what it saw as JSON for clients.test.ts."""
import boto3, json
from decimal import Decimal
from boto3.dynamodb.conditions import Attr, Key
from botocore.exceptions import ClientError
from boto3.dynamodb.types import Binary

table = boto3.resource("dynamodb").create_table(
    TableName="scores", BillingMode="PAY_PER_REQUEST",
    AttributeDefinitions=[{"AttributeName": "game", "AttributeType": "S"}, {"AttributeName": "score", "AttributeType": "N"}],
    KeySchema=[{"AttributeName": "game", "KeyType": "HASH"}, {"AttributeName": "score", "KeyType": "RANGE"}])
table.wait_until_exists()
with table.batch_writer() as batch:
    for score in range(60):
        batch.put_item(Item={"game": "go", "score": Decimal(score) / 4, "tags": {"a", "b"}, "nested": {"list": [1, True, None]}})
page = table.query(KeyConditionExpression=Key("game").eq("go") & Key("score").gt(Decimal("14")), FilterExpression=Attr("tags").contains("a"))
item = table.get_item(Key={"game": "go", "score": Decimal("0.25")})["Item"]
updated = table.update_item(
    Key={"game": "go", "score": Decimal("0.25")}, UpdateExpression="SET #n.#l[0] = #n.#l[0] + :one, bytes1 = :raw REMOVE tags",
    ExpressionAttributeNames={"#n": "nested", "#l": "list"}, ExpressionAttributeValues={":one": 1, ":raw": Binary(bytes([0, 255]))},
    ReturnValues="ALL_NEW")["Attributes"]
failures = []
for attempt in (
    lambda: table.put_item(Item={"game": "go", "score": 1}, ConditionExpression=Attr("game").not_exists()),
    lambda: table.get_item(Key={"game": "go"}),
    lambda: boto3.resource("dynamodb").Table("none").put_item(Item={"a": 1}),
    lambda: table.meta.client.transact_write_items(TransactItems=[
        {"Put": {"TableName": "scores", "Item": {"game": "x", "score": 1}}},
        {"ConditionCheck": {"TableName": "scores", "Key": {"game": "x", "score": 2}, "ConditionExpression": "attribute_exists(game)"}}]),
):
    try:
        attempt()
        failures.append(None)
    except ClientError as error:
        failures.append([error.response["Error"]["Code"], error.response["Error"]["Message"], error.response.get("CancellationReasons")])
count = sum(p["Count"] for p in boto3.client("dynamodb").get_paginator("scan").paginate(TableName="scores", PaginationConfig={"PageSize": 7}))
table.delete()
table.wait_until_not_exists()
print(json.dumps({
    "scores": [str(i["score"]) for i in page["Items"]], "tags": sorted(item["tags"]), "nested": str(item["nested"]),
    "updated": str(updated["nested"]["list"][0]), "raw": list(updated["bytes1"].value), "hasTags": "tags" in updated,
    "failures": failures, "count": count}))
