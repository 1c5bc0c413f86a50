"""What YuniKorn would say of its queue file."""
