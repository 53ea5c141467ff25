"""What the platform host answers: `routes.py` is the table, `gate.py` the way in, one module per family of calls."""
