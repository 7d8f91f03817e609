"""The child process of one guarded camera: reads it, masks it, encodes it, seals it. Never imports Home Assistant."""
