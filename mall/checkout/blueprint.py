"""The blueprints that this surface's routes hang on, one module a noun."""

from flask import Blueprint

bp = Blueprint("checkout", __name__)
orders_list = Blueprint("orders_list", __name__)
