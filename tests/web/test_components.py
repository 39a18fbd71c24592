"""The macros that every page is made of: what they promise to those who cannot see the page, or have no script."""

from types import SimpleNamespace
from typing import Any

import html5lib
import pytest
from flask import Flask, render_template_string
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired

HTML = "{http://www.w3.org/1999/xhtml}"


class Form(FlaskForm):
    """A field of each sort that behaves in its own way."""

    email = EmailField("E-mail", validators=[DataRequired()], description="We write rarely.")
    phone = StringField("Phone")
    method = RadioField(
        "Delivery",
        choices=[SelectChoice("post", "Post"), SelectChoice("shop", "Shop")],
        validators=[DataRequired()],
    )
    region = SelectField("Region", choices=[SelectChoice("sh", "Shanghai")])
    terms = BooleanField("I have read the terms", validators=[DataRequired()])


@pytest.fixture
def draw(app: Flask) -> Any:
    """Draw a piece of template, parsed."""

    def _draw(source: str, **context: Any) -> Any:
        with app.test_request_context("/"):
            if "form" in context:
                sent = context["form"]
                context["form"] = Form(meta={"csrf": False})
                if sent:
                    context["form"].validate()
            return html5lib.parseFragment(render_template_string(source, **context))

    return _draw


def tags(tree: Any, tag: str, /, **attributes: str) -> list[Any]:
    """The elements of that name with those attributes."""
    wanted = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()}
    return [e for e in tree.iter(HTML + tag) if all(e.get(key) == value for key, value in wanted.items())]


def words(tree: Any) -> str:
    """All text, spaces made one."""
    return " ".join(" ".join(tree.itertext()).split())


FORMS = '{% from "components/forms.html" import field, errors, post_button, submit %}'


def test_a_field_is_labelled_and_its_hint_and_error_are_read_with_it(draw: Any) -> None:
    tree = draw(FORMS + "{{ field(form.email, autocomplete='email') }}", form=True)
    (control,) = tags(tree, "input")
    assert tags(tree, "label", for_=control.get("id"))
    described = [e for i in control.get("aria-describedby").split() for e in tree.iter() if e.get("id") == i]
    assert [words(e) for e in described] == ["We write rarely.", "This field is required."]
    assert control.get("aria-invalid") == "true"
    assert control.get("autocomplete") == "email"
    assert control.get("required") is not None


def test_what_may_be_left_out_says_so_and_what_may_not_does_not(draw: Any) -> None:
    assert "(optional)" in words(draw(FORMS + "{{ field(form.phone) }}", form=True))
    assert "(optional)" not in words(draw(FORMS + "{{ field(form.email) }}", form=True))


def test_radios_are_a_group_with_a_legend_that_knows_its_error(draw: Any) -> None:
    tree = draw(FORMS + "{{ field(form.method) }}", form=True)
    (group,) = tags(tree, "fieldset")
    assert "Delivery" in words(tags(group, "legend")[0])
    assert group.get("aria-describedby") == "method-error"
    assert len(tags(group, "input", type="radio")) == 2
    for radio in tags(group, "input"):
        assert tags(group, "label", for_=radio.get("id"))


def test_the_summary_links_to_each_field_that_is_wrong(draw: Any) -> None:
    tree = draw(
        FORMS + "{{ errors(form) }}{% for f in form %}{{ field(f) }}{% endfor %}",
        form=True,
    )
    ids = {e.get("id") for e in tree.iter() if e.get("id")}
    links = [a.get("href") for a in tags(tree, "a")]
    assert links == ["#email", "#method-0", "#region", "#terms"]
    assert {link[1:] for link in links} <= ids


def test_no_summary_where_nothing_is_wrong(draw: Any) -> None:
    assert words(draw(FORMS + "{{ errors(form) }}", form=False)) == ""


def test_a_button_that_asks_first_needs_no_script(draw: Any) -> None:
    tree = draw(
        FORMS + "{{ post_button('/orders/1/cancel', 'Cancel', confirm='Sure?', fields={'line': 7}) }}"
    )
    (form,) = tags(tree, "form")
    assert form.get("method") == "post"
    opener, _keep, act = tags(form, "button")
    assert opener.get("type") == "button"
    assert any(e.get("id") == opener.get("popovertarget") for e in form.iter())
    assert act.get("type") == "submit"
    assert tags(form, "input", name="csrf_token")
    assert tags(form, "input", name="line", value="7")


def test_two_buttons_that_ask_have_two_ids(draw: Any) -> None:
    tree = draw(
        FORMS + "{% for n in [1, 2] %}{{ post_button('/x', 'Go', confirm='?', fields={'n': n}) }}{% endfor %}"
    )
    ids = [e.get("id") for e in tree.iter() if e.get("popover") is not None]
    assert len(ids) == len(set(ids)) == 2


CARDS = '{% from "components/cards.html" import grid %}'


def card(**changes: Any) -> SimpleNamespace:
    """A card as the catalogue gives it."""
    plain = {
        "url": "/catalog/cup", "name": "Cup <b>", "picture": "/media/a-640.webp", "srcset": None, "alt": "", "points": 1800,
        "was": None, "cash": 0, "status_kind": "ok", "status_text": "You can redeem this", "missing": 0, "goal": 0,
        "item_id": 7, "badge": None, "wished": True,
    }  # fmt: skip
    return SimpleNamespace(**plain | changes)


def test_a_card_says_its_price_with_the_unit_and_leads_to_its_item(draw: Any) -> None:
    tree = draw(CARDS + "{{ grid([card]) }}", card=card(points=800, cash=3000, was=3500))
    assert tags(tree, "a")[0].get("href") == "/catalog/cup"
    assert "800 points + ¥30.00 before: ¥35.00" in words(tree)
    assert "Cup <b> 1 point You can" in words(draw(CARDS + "{{ grid([card]) }}", card=card(points=1)))
    assert "800 points + ¥30.00" in words(
        draw(CARDS + "{{ grid([card]) }}", card=card(points=800, cash=3000))
    )


def test_the_picture_keeps_its_place_while_it_loads(draw: Any) -> None:
    (picture,) = tags(draw(CARDS + "{{ grid([card]) }}", card=card()), "img")
    assert (picture.get("width"), picture.get("height")) == ("640", "480")


def test_what_is_missing_is_a_bar_with_its_words(draw: Any) -> None:
    tree = draw(
        CARDS + "{{ grid([card]) }}",
        card=card(status_kind="short", status_text="320 points to go", missing=320, goal=1800),
    )
    (bar,) = tags(tree, "progress")
    assert (bar.get("value"), bar.get("max"), bar.get("aria-label")) == ("1480", "1800", "320 points to go")


@pytest.mark.parametrize(
    ("wished", "label", "value"),
    [(True, "Take Cup <b> off your wish list", "0"), (False, "Add Cup <b> to your wish list", "1")],
)
def test_the_heart_is_a_form_button_that_says_what_it_does(
    draw: Any, wished: bool, label: str, value: str
) -> None:
    (heart,) = tags(draw(CARDS + "{{ grid([card], 'card') }}", card=card(wished=wished)), "button")
    assert heart.get("aria-label") == label
    assert (heart.get("form"), heart.get("formaction"), heart.get("value")) == (
        "act",
        "/account/wishlist/7",
        value,
    )


def test_a_guests_heart_leads_to_the_sign_in_and_back(draw: Any) -> None:
    tree = draw(CARDS + "{{ grid([card], 'guest') }}", card=card())
    assert not tags(tree, "button")
    assert tags(tree, "a")[1].get("href") == "/account/sign-in?next=/catalog/cup&wish=7"


def test_the_heart_alone_is_the_heart_of_the_grid(draw: Any) -> None:
    (alone,) = tags(
        draw('{% from "components/cards.html" import wish_heart %}{{ wish_heart(7, true, "Cup <b>") }}'),
        "button",
    )
    (inside,) = tags(draw(CARDS + "{{ grid([card], [7]) }}", card=card()), "button")
    assert alone.attrib == inside.attrib


UI = '{% from "components/ui.html" import th_sort, countdown, breadcrumb, tabs, qty %}'


def test_a_sorted_column_says_so_and_turns_round(draw: Any) -> None:
    table = UI + "<table><tr>{{ th_sort('Name', 'name', current, href) }}</tr></table>"
    for current, state, then in (
        ("name", "ascending", "?sort=-name"),
        ("-name", "descending", "?sort=name"),
        ("sku", None, "?sort=name"),
    ):
        tree = draw(table, current=current, href=lambda key: f"?sort={key}")
        (head,) = tags(tree, "th")
        assert head.get("aria-sort") == state
        assert tags(head, "a")[0].get("href") == then


def test_the_page_itself_is_marked_in_the_ways_to_it(draw: Any) -> None:
    tree = draw(
        UI
        + "{{ breadcrumb([('Home', '/'), ('Cups', none)]) }}{{ tabs([('All', '/a'), ('Mine', '/b')], '/b') }}"
    )
    assert [words(e) for e in tree.iter() if e.get("aria-current") == "page"] == ["Cups", "Mine"]


def test_without_a_script_a_stepper_is_a_number_field(draw: Any) -> None:
    tree = draw(UI + "{{ qty('n', 2, 1, 5, 'How many') }}")
    (field,) = tags(tree, "input", type="number")
    assert (field.get("min"), field.get("max"), field.get("value"), field.get("aria-label")) == (
        "1",
        "5",
        "2",
        "How many",
    )
    assert all(button.get("hidden") is not None for button in tags(tree, "button"))


@pytest.mark.parametrize(
    ("page", "pages", "shown"),
    [
        (1, 1, []),
        (1, 3, ["1", "2", "3"]),
        (5, 9, ["1", "…", "4", "5", "6", "…", "9"]),
        (2, 4, ["1", "2", "3", "4"]),
    ],
)
def test_long_rows_of_pages_are_cut_in_the_middle(draw: Any, page: int, pages: int, shown: list[str]) -> None:
    source = '{% from "components/pages.html" import numbered %}{{ numbered(page, pages, href) }}'
    tree = draw(source, page=page, pages=pages, href=lambda n: f"?page={n}")
    entries = [words(li) for li in tags(tree, "li")]
    assert [text for text in entries if text and text not in ("Previous", "Next")] == shown
