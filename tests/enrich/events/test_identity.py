"""The id of an event: what it depends on, and what it must not."""

from teletipo import codebook
from teletipo.enrich.events import event_id
from teletipo.records import Participant


def side(country: str | None, name: str = "X", start: int = 0) -> Participant:
    return Participant(start, start + 1, "X", name, country=country, sector="GOV")


def test_sides_in_any_order_and_offsets_give_the_same_id() -> None:
    one = event_id("a:1", "SUPPORT", [side("RUS"), side("PRK")], [], "2024-06-19", 0)
    assert one == event_id("a:1", "SUPPORT", [side("PRK", start=9), side("RUS", name="Y")], [], "2024-06-19", 0)


def test_every_part_of_the_recipe_counts() -> None:
    base = ("a:1", "SUPPORT", [side("RUS")], [side("PRK")], "2024-06-19", 0)
    others = [
        ("a:2", *base[1:]),
        (base[0], "AGREE", *base[2:]),
        (*base[:2], [side("CHN")], *base[3:]),
        (*base[:3], [], *base[4:]),
        (*base[:4], None, 0),
        (*base[:5], 1),
    ]
    assert len({event_id(*row) for row in [base, *others]}) == 7


def test_a_name_stands_in_where_there_is_no_state() -> None:
    assert event_id("a:1", "AGREE", [side(None, "Ana Ruiz")], [], None, 0) == event_id(
        "a:1", "AGREE", [side(None, "ana ruiz")], [], None, 0
    )
    assert event_id("a:1", "AGREE", [side(None, "Ana Ruiz")], [], None, 0) != event_id(
        "a:1", "AGREE", [side(None, "Eva Ruiz")], [], None, 0
    )


def test_content_classes_lead_to_codes_that_cameo_has() -> None:
    for found in codebook.content_classes().values():
        assert all(code in codebook.cameo() for root, code in found.codes.items() if root != "14")
        assert all(form + found.codes.get("14", "") in codebook.cameo() for form in ("141", "142", "143", "144", "145"))
    assert codebook.content_of("0841") == "release"
    assert codebook.content_of("036") == "meet"
    assert codebook.goldstein("057") == 8.0
