module local/examples/web-service

go 1.25

require (
	github.com/aws/jsii-runtime-go v1.140.0
	local/cloudstacks v0.1.0
)

// As `node constructs/package.mjs go` makes it.
replace local/cloudstacks => ../../../constructs/dist/packages/go/cloudstacks
