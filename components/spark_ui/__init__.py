"""The live Spark UI of a running application, for its team, in a browser."""
