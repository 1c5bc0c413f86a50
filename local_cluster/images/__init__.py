"""Images for real nodes, named as in the manifests: pulled where a registry answers, built where none does."""
