"""What this repository is made from comes by checksum, and what it gives away can be verified."""
