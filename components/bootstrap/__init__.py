"""What must exist in an environment's account before its first `pulumi up`: state, its key, and who deploys from CI."""
