from cloudstacks import App, Output, Stack, WebService

app = App()
stack = Stack(app, "web-service")
shop = WebService(stack, "Shop", service_name="shop", image="alpine:3.22", cidr_block="10.42.0.0/16")

Output(stack, "Network", value=shop.network.network_id)
Output(stack, "Assets", value=shop.assets.bucket_name)
Output(stack, "Jobs", value=shop.jobs.queue_url)

app.synth()
