package main

import (
	"github.com/aws/jsii-runtime-go"
	"local/cloudstacks"
)

func main() {
	defer jsii.Close()
	app := cloudstacks.NewApp(nil)
	stack := cloudstacks.NewStack(app, jsii.String("news-fan-out"), nil)
	orders := cloudstacks.NewNewsFanOut(stack, jsii.String("Orders"), &cloudstacks.NewsFanOutProps{
		TopicName: jsii.String("orders"),
		Readers: &[]*cloudstacks.Reader{
			{Name: jsii.String("billing"), Filter: &map[string]any{"kind": []string{"paid", "refunded"}}},
			{Name: jsii.String("audit")},
		},
	})

	cloudstacks.NewOutput(stack, jsii.String("Topic"), &cloudstacks.OutputProps{Value: orders.Topic().TopicArn()})

	app.Synth(nil)
}
