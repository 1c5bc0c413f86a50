"""The emulated pulumi-eks: registers the resources that the real `eks.Cluster` component registers."""
