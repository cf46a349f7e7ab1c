from cloudstacks import App, NewsFanOut, Output, Reader, Stack

app = App()
stack = Stack(app, "news-fan-out")
orders = NewsFanOut(
    stack,
    "Orders",
    topic_name="orders",
    readers=[Reader(name="billing", filter={"kind": ["paid", "refunded"]}), Reader(name="audit")],
)

Output(stack, "Topic", value=orders.topic.topic_arn)

app.synth()
