"""A document as an answer to the browser: a page of either surface, or the PDF."""

from flask import Response, make_response

from mall.domain.orders.documents.reading import DocumentView
from mall.web.documents.pdf import pdf
from mall.web.documents.sheet import sheet
from mall.web.languages import locale_tag
from mall.web.render import page


def shown(document: DocumentView, template: str, *, pdf_url: str) -> Response:
    """The page of a document, in the reader's language."""
    return page(
        template,
        sheet=sheet(document, locale=locale_tag()),
        order=document.data["order"],
        pdf_url=pdf_url,
    )


def downloaded(document: DocumentView) -> Response:
    """The PDF of a document, in the reader's language; kept in no shared cache."""
    tag = locale_tag()
    answer = make_response(pdf(sheet(document, locale=tag), issued_at=document.issued_at, language=tag))
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers["Content-Disposition"] = f'attachment; filename="{document.number}.pdf"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
