"""What comes from the camera, up to the ring: still compressed."""
