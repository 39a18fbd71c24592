"""Receipts and credit notes at the desk."""

from flask import url_for
from flask.typing import ResponseReturnValue

from mall.admin.blueprint import bp
from mall.domain.orders.documents import reading
from mall.web.access import needs
from mall.web.documents import answers


@bp.get("/documents/<number>")
@needs("orders.read")
def document(number: str) -> ResponseReturnValue:
    """Anybody's receipt or credit note, as it was issued."""
    found = reading.by_number(number.upper(), member=None)
    pdf_url = url_for("admin.document_file", number=found.number)
    return answers.shown(found, "documents/staff.html", pdf_url=pdf_url)


@bp.get("/documents/<number>.pdf")
@needs("orders.read")
def document_file(number: str) -> ResponseReturnValue:
    """The same as a PDF."""
    return answers.downloaded(reading.by_number(number.upper(), member=None))
