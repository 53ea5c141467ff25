"""Who speaks to us: read what came in, call one rule, answer."""
