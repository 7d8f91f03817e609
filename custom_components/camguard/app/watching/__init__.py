"""What is seen of a camera: gaps, in which nothing is, its sleep, what moves, and whether its view is as confirmed."""
