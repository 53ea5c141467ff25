"""The door out: every word we say to a platform outside goes through here.

The gateway imports nothing of ours. It takes plain values, speaks to one configured host, and says of every failure
whether it is for ever (`permanent`), for now (`retryable`), for today (`budget`), or not knowable (`unknown`).
"""
