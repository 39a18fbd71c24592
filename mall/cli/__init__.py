"""The `mall` command: Flask's own commands, and one module of ours for each noun."""

from flask.cli import FlaskGroup

from mall.app import create_app
from mall.cli import (
    codes,
    demo,
    development,
    imports,
    items,
    ledger,
    orders,
    points,
    serve,
    staff,
    tax,
    up,
    worker,
)

main = FlaskGroup(name="mall", create_app=create_app, help="The points mall.")
main.add_command(codes.codes)
main.add_command(demo.group)
main.add_command(development.run)
main.add_command(imports.members)
main.add_command(imports.purchases)
main.add_command(items.items)
main.add_command(ledger.ledger)
main.add_command(orders.orders)
main.add_command(points.points)
main.add_command(serve.serve)
main.add_command(staff.staff)
main.add_command(tax.tax)
main.add_command(up.up)
main.add_command(worker.outbox)
main.add_command(worker.worker)
