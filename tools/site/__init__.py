"""The documentation's site: `make site` builds it, and a reader's browser asks nobody but its server for anything."""
