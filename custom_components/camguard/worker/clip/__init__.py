"""A clip on its way to disk: spool, sealed MP4, extracts, proof."""
