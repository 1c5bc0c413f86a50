"""Pictures of what a stack holds: its network, its cluster and the ways of its data, drawn from a deployment."""
