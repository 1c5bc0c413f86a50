"""What the Amazon EBS CSI driver does for claims: volumes that respect zones, grow, and go."""
