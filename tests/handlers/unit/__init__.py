"""The door of units."""
