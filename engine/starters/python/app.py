import cloudstacks as cs

app = cs.App()
stack = cs.Stack(app, "{{project}}")

work = cs.Queue(stack, "Work", visibility_timeout_seconds=60)
files = cs.Bucket(stack, "Files", versioned=True)
files.on_object_created(work, prefix="in/")
results = cs.Table(stack, "Results", partition_key=cs.TableKey(name="file"))

cs.Output(stack, "Bucket", value=files.bucket_name)
cs.Output(stack, "Queue", value=work.queue_url)
cs.Output(stack, "Table", value=results.table_name)

app.synth()
