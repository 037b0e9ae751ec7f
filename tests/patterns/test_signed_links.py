from __future__ import annotations

import itsdangerous
import pytest

SIDES = ["flask", "legacy"]
MAKERS = {"flask": "/link", "legacy": "/old/link"}
CHECKERS = {"flask": "/confirm/", "legacy": "/old/confirm/"}


@pytest.fixture(params=SIDES)
def token(client, request):
    """What one side has signed."""
    answer = client.get(f"{MAKERS[request.param]}?address=ann@example.org")
    assert answer.served_by == request.param
    return answer.text.rpartition("/")[2]


@pytest.fixture(params=SIDES)
def check(client, request):
    """Return a function that lets a side check a token."""

    def check(token):
        answer = client.get(CHECKERS[request.param] + token)
        assert answer.served_by == request.param
        return answer

    return check


@pytest.fixture
def later(monkeypatch):
    """Return a function that lets so many seconds pass."""
    now = itsdangerous.TimestampSigner.get_timestamp

    def pass_time(seconds):
        monkeypatch.setattr(
            itsdangerous.TimestampSigner,
            "get_timestamp",
            lambda signer: now(signer) + seconds,
        )

    return pass_time


def test_what_one_side_makes_either_checks(token, check):
    assert check(token).text == "ann@example.org is confirmed"


def test_a_link_leads_to_the_other_side(client):
    for maker, checker in (("/link", "legacy"), ("/old/link", "flask")):
        link = client.get(f"{maker}?address=x").text
        assert client.get(link).served_by == checker


def test_a_changed_token(token, check):
    changed = ("B" if token[0] == "A" else "A") + token[1:]
    assert check(changed).status_code == 404


def test_it_is_good_for_a_day(token, check, later):
    later(24 * 60 * 60 - 60)
    assert check(token).status_code == 200


def test_an_old_token(token, check, later):
    later(24 * 60 * 60 + 60)
    assert check(token).status_code == 410


@pytest.mark.parametrize(
    ("key", "salt"),
    [("a secret of this site", "other"), ("another secret", "confirm-address")],
)
def test_a_token_for_something_else(check, key, salt):
    signer = itsdangerous.URLSafeTimedSerializer(key, salt=salt)
    assert check(signer.dumps("ann@example.org")).status_code == 404
