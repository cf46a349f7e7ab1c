package main

import (
	"github.com/aws/jsii-runtime-go"
	"local/cloudstacks"
)

func main() {
	defer jsii.Close()
	app := cloudstacks.NewApp(nil)
	stack := cloudstacks.NewStack(app, jsii.String("web-service"), nil)
	shop := cloudstacks.NewWebService(stack, jsii.String("Shop"), &cloudstacks.WebServiceProps{
		ServiceName: jsii.String("shop"),
		Image:       jsii.String("alpine:3.22"),
		CidrBlock:   jsii.String("10.42.0.0/16"),
	})

	output := func(name string, value *string) {
		cloudstacks.NewOutput(stack, jsii.String(name), &cloudstacks.OutputProps{Value: value})
	}
	output("Network", shop.Network().NetworkId())
	output("Assets", shop.Assets().BucketName())
	output("Jobs", shop.Jobs().QueueUrl())

	app.Synth(nil)
}
