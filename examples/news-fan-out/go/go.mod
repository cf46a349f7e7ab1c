module cloudstacks.dev/examples/news-fan-out

go 1.25

require (
	cloudstacks.dev/go/cloudstacks v0.1.0
	github.com/aws/jsii-runtime-go v1.140.0
)

// As `node constructs/package.mjs go` makes it.
replace cloudstacks.dev/go/cloudstacks => ../../../constructs/dist/packages/go/cloudstacks
