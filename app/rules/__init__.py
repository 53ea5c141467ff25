"""What may happen: plain verbs with keyword arguments over the models."""
