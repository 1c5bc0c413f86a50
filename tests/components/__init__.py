"""Components under Pulumi mocks: everything that can be decided without deploying one."""
