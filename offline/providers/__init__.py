"""Emulated Pulumi providers: aws, eks and kubernetes."""
