"""Fuzzers of the three doors that take strangers' bytes: the callback, the uploads, the API. See __main__."""
