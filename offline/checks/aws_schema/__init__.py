"""What AWS publishes of its resources and its API, held against the resources of a stack.

Two judges: CloudFormation's resource schemas with cfn-lint's additions to them, and the models of the API calls. Both
read the one translation in `offline.providers.aws.mapping`. Leave out what no schema says: quotas, what exists
already, and how resources fit together.
"""
