"""What the program's resources ask of AWS, call by call: what a role that deploys needs, and one that previews."""
