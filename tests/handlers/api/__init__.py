"""The mini-program's door, asked as the mini-program asks it."""
