package main

import (
	"github.com/aws/jsii-runtime-go"
	"local/cloudstacks"
)

func main() {
	defer jsii.Close()
	app := cloudstacks.NewApp(nil)
	stack := cloudstacks.NewStack(app, jsii.String("upload-intake"), nil)
	claims := cloudstacks.NewUploadIntake(stack, jsii.String("Claims"), &cloudstacks.UploadIntakeProps{
		IntakeName:      jsii.String("claims"),
		Prefix:          jsii.String("in/"),
		ExpireAfterDays: jsii.Number(30),
	})

	output := func(name string, value *string) {
		cloudstacks.NewOutput(stack, jsii.String(name), &cloudstacks.OutputProps{Value: value})
	}
	output("Uploads", claims.Uploads().BucketName())
	output("Work", claims.Work().QueueUrl())
	output("Results", claims.Results().TableName())

	app.Synth(nil)
}
