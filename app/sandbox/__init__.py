"""A small WeChat on this machine: the platform's server API, its callbacks, its users' phones.

It is a stranger to the product: it imports nothing of it and is spoken to over HTTP only. Everything it knows lives in
one SQLite file of its own, so it can be killed at any moment and goes on where it was.

Start at `server.py`; `wechat/routes.py` is the table of platform calls, `control/` the hand that moves the phones,
`courier.py` carries messages to the backend. Facts come from the platform's documentation; where it is silent the
choice is written beside the code.
"""
