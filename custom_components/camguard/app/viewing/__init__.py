"""Looking at clips, and the note that somebody did."""
