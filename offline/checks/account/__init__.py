"""What AWS refuses to make or change because of what stands in the account already, or once stood there."""
