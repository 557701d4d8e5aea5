"""The score that a review gives: from the review over the manifest to page and linked data."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from finished_episode import SCRIPT, build, manifest, write_manifest
from lxml.html import document_fromstring
from site_pages import html, page

from sayso.episode.checking.manifest_reading import read_manifest
from sayso.model import Rating, Reviewed


def page_of(rating: Rating, name: str = "The Pier", link: str | None = None) -> Any:
    made = page()
    reviewed = Reviewed(name, rating, link)
    return document_fromstring(html(replace(made, item=replace(made.item, reviewed=reviewed))))


def review_in(document: Any) -> Any:
    (data,) = document.xpath('//script[@type="application/ld+json"]/text()')
    return json.loads(data).get("isBasedOn")


@pytest.mark.parametrize(
    ("rating", "value", "best", "worst"),
    [
        (Rating("8/10", 8.0, 10.0), 8, 10, None),
        (Rating("★★★★☆", 4.0, 5.0), 4, 5, None),
        (Rating("7,5 von 10", 7.5, 10.0), 7.5, 10, None),
        (Rating("85 %", 85.0, 100.0), 85, 100, None),
        (Rating("0/10", 0.0, 10.0), 0, 10, 0),
        (Rating("½ of 5", 0.5, 5.0), 0.5, 5, 0),
    ],
)
def test_a_score_is_told_to_search_engines(
    rating: Rating, value: float, best: float, worst: int | None
) -> None:
    document = page_of(rating, "The Pier </script> & <b>", "https://example.org/pier")
    told = review_in(document)
    assert (told["@type"], told["url"]) == ("Review", "https://example.org/pier")
    assert told["itemReviewed"] == {"@type": "Thing", "name": "The Pier </script> & <b>"}
    assert told["author"]["name"]
    score = told["reviewRating"]
    assert (score["ratingValue"], score["bestRating"]) == (value, best)
    assert score.get("worstRating") == worst
    (header,) = document.xpath("//header[@class='episode']")
    assert f"Rating: {rating.text}" in header.text_content()


@pytest.mark.parametrize(
    "rating", [Rating("B+"), Rating("Recommended"), Rating("8", 8.0), Rating("<b>1")]
)
def test_a_score_without_a_scale_is_shown_alone(rating: Rating) -> None:
    document = page_of(rating)
    assert review_in(document) is None
    assert f"Rating: {rating.text}" in document.text_content()


def test_no_score_no_word_of_it() -> None:
    assert "Rating:" not in html()


def test_the_manifest_carries_the_score(tmp_path: Path) -> None:
    folder = build(tmp_path).folder
    told = manifest(folder)["review"]
    assert (told["rating"], told["rating_value"], told["best_rating"]) == ("8/10", 8.0, 10.0)
    assert "Rating: 8/10" in (folder / "notes.md").read_text("utf-8")
    expected, _ = read_manifest(folder)
    assert expected is not None
    assert expected.review.rating == Rating("8/10", 8.0, 10.0)

    document = manifest(folder)
    del document["review"]["rating_value"], document["review"]["best_rating"]
    write_manifest(folder, document)  # as an earlier sayso wrote it
    expected, findings = read_manifest(folder)
    assert expected is not None
    assert not findings
    assert expected.review.rating == Rating("8/10")
    document["review"]["best_rating"] = "ten"
    write_manifest(folder, document)
    assert read_manifest(folder)[0] is None


def test_what_is_published_has_the_score(tmp_path: Path) -> None:
    from sayso.publish.api import publish
    from sayso.show.finding import find_show

    (tmp_path / "show.toml").write_text(
        'title = "Dead Air"\n[feed]\nurl = "https://pod.example.org/show"\ncategory = "Arts"\n'
        'email = "a@b.example"\n'
    )
    build(tmp_path, SCRIPT)
    publish(find_show(tmp_path))
    document = document_fromstring((tmp_path / "public/pier/index.html").read_text("utf-8"))
    assert review_in(document)["reviewRating"]["ratingValue"] == 8
    assert review_in(document)["itemReviewed"]["name"]
    assert "Rating: 8/10" in document.xpath("//header[@class='episode']")[0].text_content()
    assert "Rating: 8/10" in (tmp_path / "public/feed.xml").read_text("utf-8")
