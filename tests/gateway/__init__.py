"""The door out, against a platform that misbehaves and against the sandbox."""
