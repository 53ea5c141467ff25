"""The desk of the community, asked for by its people and by strangers."""
