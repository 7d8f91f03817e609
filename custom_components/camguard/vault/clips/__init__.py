"""What lies beside the sealed clips: index, manifests, holds, the journal of a wipe."""
