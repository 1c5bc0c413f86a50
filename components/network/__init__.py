"""The VPC of one environment: address ranges, subnets, egress and private paths to AWS services."""
