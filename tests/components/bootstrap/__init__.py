"""The bootstrap of an account: its settings, its components under mocks, and its policies as plain documents."""
