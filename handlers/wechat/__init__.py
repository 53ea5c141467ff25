"""The chat window of WeChat."""
