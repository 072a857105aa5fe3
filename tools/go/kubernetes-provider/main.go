// Command pulumi-resource-kubernetes is the Kubernetes provider that Pulumi's Kubernetes SDK asks for.
//
// Upstream's own main embeds two files that its repository generates but its Go module lacks. This one embeds
// what the module does ship; the bootstrap (tools/toolchain) puts both beside this file and sets the schema's
// version before it compiles. They are not committed: together they have 8 MB.
package main

import (
	_ "embed"

	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"
	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version"
)

//go:embed schema.json
var schema []byte

//go:embed terraform-mapping.json
var terraformMapping []byte

func main() {
	provider.Serve("kubernetes", version.Version, schema, terraformMapping)
}
