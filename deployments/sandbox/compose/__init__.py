"""A stand-in for Docker with its Compose: the words of the command line, and containers that are lines in a file."""
