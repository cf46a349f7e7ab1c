from cloudstacks import App, Output, Stack, UploadIntake

app = App()
stack = Stack(app, "upload-intake")
claims = UploadIntake(stack, "Claims", intake_name="claims", prefix="in/", expire_after_days=30)

Output(stack, "Uploads", value=claims.uploads.bucket_name)
Output(stack, "Work", value=claims.work.queue_url)
Output(stack, "Results", value=claims.results.table_name)

app.synth()
