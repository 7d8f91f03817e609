"""What everything lies on, and how it is destroyed there."""
