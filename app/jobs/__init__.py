"""What happens unasked: deliver, remind, escalate, tidy."""
