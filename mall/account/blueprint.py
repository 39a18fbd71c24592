"""The blueprint that the account's routes hang on, one module a noun."""

from flask import Blueprint

bp = Blueprint("account", __name__, url_prefix="/account")
