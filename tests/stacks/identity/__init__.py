"""Identities and policies of the four stacks as they are up, and of one that has what no stack file asks for."""
