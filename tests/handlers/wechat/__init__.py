"""The chat window: what the platform delivers to us, and what we answer."""
