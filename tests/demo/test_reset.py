"""`mall demo reset` asks before it deletes, and keeps the database's password to itself."""

from dataclasses import replace

from flask import Flask

from mall.cli.demo import group


def test_the_question_names_the_database_without_its_password(app: Flask) -> None:
    settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(settings, database_url="postgresql+psycopg://mall:s3cret@db/mall")
    try:
        asked = app.test_cli_runner().invoke(group, ["reset"], input="n\n")
    finally:
        app.config["SETTINGS"] = settings
    assert asked.exit_code == 1
    assert "postgresql+psycopg://mall:***@db/mall" in asked.output
    assert "s3cret" not in asked.output
