"""Programs of clusters: released, built, mended."""
