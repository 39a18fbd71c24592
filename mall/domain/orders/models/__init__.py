"""Tables of orders, one file a noun. The `…_table` names are the same tables for Core statements."""

from typing import cast

import sqlalchemy as sa

from mall.domain.orders.models.basket import Basket, BasketLine
from mall.domain.orders.models.delivery import DeliveryMethod, DeliveryRate
from mall.domain.orders.models.document import Document, DocumentCounter, TaxRate
from mall.domain.orders.models.limit import LimitCounter
from mall.domain.orders.models.note import OrderLineNote
from mall.domain.orders.models.order import Order, OrderEvent, OrderLine
from mall.domain.orders.models.quote import Quote, QuoteLine
from mall.domain.orders.models.refund import Refund, RefundLine
from mall.domain.orders.models.shipment import Shipment, ShipmentLine

basket_table = cast(sa.Table, Basket.__table__)
basket_line_table = cast(sa.Table, BasketLine.__table__)
delivery_method_table = cast(sa.Table, DeliveryMethod.__table__)
delivery_rate_table = cast(sa.Table, DeliveryRate.__table__)
document_table = cast(sa.Table, Document.__table__)
document_counter_table = cast(sa.Table, DocumentCounter.__table__)
limit_counter_table = cast(sa.Table, LimitCounter.__table__)
order_table = cast(sa.Table, Order.__table__)
order_line_table = cast(sa.Table, OrderLine.__table__)
order_line_note_table = cast(sa.Table, OrderLineNote.__table__)
order_event_table = cast(sa.Table, OrderEvent.__table__)
quote_table = cast(sa.Table, Quote.__table__)
quote_line_table = cast(sa.Table, QuoteLine.__table__)
refund_table = cast(sa.Table, Refund.__table__)
refund_line_table = cast(sa.Table, RefundLine.__table__)
shipment_table = cast(sa.Table, Shipment.__table__)
shipment_line_table = cast(sa.Table, ShipmentLine.__table__)
tax_rate_table = cast(sa.Table, TaxRate.__table__)

__all__ = [
    "Basket",
    "BasketLine",
    "DeliveryMethod",
    "DeliveryRate",
    "Document",
    "DocumentCounter",
    "LimitCounter",
    "Order",
    "OrderEvent",
    "OrderLine",
    "OrderLineNote",
    "Quote",
    "QuoteLine",
    "Refund",
    "RefundLine",
    "Shipment",
    "ShipmentLine",
    "TaxRate",
    "basket_line_table",
    "basket_table",
    "delivery_method_table",
    "delivery_rate_table",
    "document_counter_table",
    "document_table",
    "limit_counter_table",
    "order_event_table",
    "order_line_note_table",
    "order_line_table",
    "order_table",
    "quote_line_table",
    "quote_table",
    "refund_line_table",
    "refund_table",
    "shipment_line_table",
    "shipment_table",
    "tax_rate_table",
]
