"""The access tokens of our WeChat apps, one row an app."""

import peewee

from models.base import Row


class WechatToken(Row):
    """The access token of one WeChat app with its deadline, and the lease of whoever is fetching the next."""

    appid = peewee.CharField(32, primary_key=True)
    value = peewee.CharField(700, default="")
    deadline = peewee.DoubleField(default=0)
    fence = peewee.CharField(32, null=True)
    lease_until = peewee.DoubleField(default=0)
