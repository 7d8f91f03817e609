"""The worker processes: kept running, and tried in the set-up."""
