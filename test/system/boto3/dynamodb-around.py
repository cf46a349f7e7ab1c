"""What a boto3 program does around a table: streams, statements, transactions, copies, settings. Prints it as JSON."""
import boto3, json
from botocore.exceptions import ClientError

client, streams = boto3.client("dynamodb"), boto3.client("dynamodbstreams")
made = client.create_table(
    TableName="events", BillingMode="PAY_PER_REQUEST",
    AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}], KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"})["TableDescription"]
client.get_waiter("table_exists").wait(TableName="events")

client.execute_statement(Statement="INSERT INTO events VALUE {'id': 'a', 'n': 1}")
client.execute_statement(Statement="UPDATE events SET n = n + ? WHERE id = ?", Parameters=[{"N": "4"}, {"S": "a"}])
selected = client.execute_statement(Statement="SELECT n FROM events WHERE id = 'a'")["Items"]
batch = client.batch_execute_statement(Statements=[
    {"Statement": "INSERT INTO events VALUE {'id': 'a'}"}, {"Statement": "INSERT INTO events VALUE {'id': 'b'}"}])["Responses"]
client.execute_transaction(TransactStatements=[
    {"Statement": "EXISTS (SELECT * FROM events WHERE id = 'a' AND n = 5)"}, {"Statement": "DELETE FROM events WHERE id = 'b'"}])

arn = made["LatestStreamArn"]
shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
iterator = streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
changes = [[record["eventName"], record["dynamodb"]["Keys"]["id"]["S"], record["dynamodb"].get("NewImage", {}).get("n", {}).get("N")]
           for record in streams.get_records(ShardIterator=iterator)["Records"]]

token = {"TransactItems": [{"Update": {
    "TableName": "events", "Key": {"id": {"S": "a"}}, "UpdateExpression": "ADD n :one", "ExpressionAttributeValues": {":one": {"N": "1"}}}}],
    "ClientRequestToken": "once"}
for _ in range(3):
    client.transact_write_items(**token)
counted = client.get_item(TableName="events", Key={"id": {"S": "a"}}, AttributesToGet=["n"])["Item"]["n"]["N"]

backup = client.create_backup(TableName="events", BackupName="before")["BackupDetails"]["BackupArn"]
client.delete_item(TableName="events", Key={"id": {"S": "a"}}, Expected={"n": {"Value": {"N": "6"}}})
client.restore_table_from_backup(TargetTableName="copies", BackupArn=backup)
client.get_waiter("table_exists").wait(TableName="copies")
restored = client.scan(TableName="copies")["Items"]
client.update_continuous_backups(TableName="events", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True})
client.update_time_to_live(TableName="events", TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires"})
away = boto3.client("dynamodb", region_name="eu-west-1")
client.update_table(TableName="copies", ReplicaUpdates=[{"Create": {"RegionName": "eu-west-1"}}])

failures = []
for attempt in (
    lambda: client.execute_statement(Statement="SELECT * FROM"),
    lambda: client.restore_table_to_point_in_time(SourceTableName="copies", TargetTableName="again", UseLatestRestorableTime=True),
    lambda: client.get_resource_policy(ResourceArn=made["TableArn"]),
    lambda: client.describe_backup(BackupArn=backup[:-1] + "x"),
):
    try:
        attempt()
        failures.append(None)
    except ClientError as error:
        failures.append(error.response["Error"]["Code"])
print(json.dumps({
    "selected": selected, "batch": [response.get("Error", {}).get("Code") for response in batch], "changes": changes, "counted": counted,
    "restored": restored, "away": away.scan(TableName="copies")["Count"],
    "recovery": client.describe_continuous_backups(TableName="events")["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"],
    "expiry": client.describe_time_to_live(TableName="events")["TimeToLiveDescription"], "failures": failures}))
