"""What is measured of ours: one process each, that prints its figure last."""
