"""What a worker on another machine has besides."""
