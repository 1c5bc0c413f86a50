"""What queues and elastic capacity do with applications, asked of the real programs on simulated nodes."""
