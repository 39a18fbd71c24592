"""Addresses learn of the district (区, 县), which Chinese addresses name between city and street."""

import sqlalchemy as sa

COLUMNS = [("address", sa.Column("district", sa.String(80), nullable=False, server_default=""))]
