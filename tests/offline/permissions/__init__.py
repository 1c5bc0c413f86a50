"""What the program's resources ask of AWS, from a deployment's resources to requests."""
