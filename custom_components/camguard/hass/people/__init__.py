"""Who asks, and what they may: users of Home Assistant, programs, automations."""
