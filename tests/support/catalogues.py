"""The texts to translate: collected from code and templates, merged into the catalogues. Run by `make messages`."""

from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent.parent
TRANSLATIONS = ROOT / "mall" / "translations"
LOCALES = ("zh_Hans", "zh_Hant")
METHODS = [("mall/**.py", "python"), ("templates/**.html", "jinja2"), ("templates/**.txt", "jinja2")]
OPTIONS = {"templates/**.html": {"trimmed": "true"}, "templates/**.txt": {"trimmed": "true"}}
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None, "gettext": None, "N_": None, "_l": None, "lazy_gettext": None, "ngettext": (1, 2), "_n": (1, 2),
    "pgettext": ((1, "c"), 2), "lazy_pgettext": ((1, "c"), 2),
}  # fmt: skip


def collect() -> Catalog:
    """Every text in code and templates that a reader may see."""
    found = Catalog(fuzzy=False)
    for folder in ("mall", "templates"):
        for file, line, message, comments, context in extract_from_dir(
            ROOT / folder,
            method_map=[
                (pattern.removeprefix(f"{folder}/"), method)
                for pattern, method in METHODS
                if pattern.startswith(folder)
            ],
            options_map={pattern.removeprefix(f"{folder}/"): options for pattern, options in OPTIONS.items()},
            keywords=KEYWORDS,
        ):
            found.add(message, None, [(f"{folder}/{file}", line)], auto_comments=comments, context=context)
    return found


def path(locale: str) -> Path:
    """Where the catalogue of a locale is kept."""
    return TRANSLATIONS / locale / "LC_MESSAGES" / "messages.po"


def read(locale: str) -> Catalog:
    """The catalogue as committed."""
    with path(locale).open("rb") as file:
        return read_po(file, locale=locale)


def main() -> None:
    """Merge what the code says now into every catalogue; texts that are gone are dropped."""
    template = collect()
    for locale in LOCALES:
        catalogue = read(locale) if path(locale).exists() else Catalog(locale=locale, fuzzy=False)
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        out = BytesIO()
        write_po(out, catalogue, sort_output=True, no_location=True, omit_header=False, width=110)
        path(locale).parent.mkdir(parents=True, exist_ok=True)
        path(locale).write_bytes(out.getvalue())
        left = sum(1 for message in catalogue if message.id and not message.string)
        print(f"{locale}: {len(catalogue)} texts, {left} to translate")


if __name__ == "__main__":
    main()
