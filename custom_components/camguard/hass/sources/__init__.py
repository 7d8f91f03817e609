"""Where the pictures of a guarded camera come from: a camera entity of Home Assistant, or an address of its own."""
