"""A member's receipts and credit notes."""

from flask import url_for
from flask.typing import ResponseReturnValue

from mall.checkout.blueprint import bp
from mall.domain.orders.documents import reading
from mall.web.access import me, members_only
from mall.web.documents import answers
from mall.web.limits import NUMBERS


@bp.get("/documents/<number>")
@members_only
@NUMBERS
def document(number: str) -> ResponseReturnValue:
    """A receipt or credit note of the reader's own, to read and to print."""
    found = reading.by_number(number.upper(), member=me().id)
    pdf_url = url_for("checkout.document_file", number=found.number)
    return answers.shown(found, "documents/member.html", pdf_url=pdf_url)


@bp.get("/documents/<number>.pdf")
@members_only
@NUMBERS
def document_file(number: str) -> ResponseReturnValue:
    """The same as a PDF."""
    return answers.downloaded(reading.by_number(number.upper(), member=me().id))
