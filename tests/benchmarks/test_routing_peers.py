"""The five ways to serve both applications: what they answer, and what they ask for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import flask
import pytest
import routes
from werkzeug.routing import MapAdapter

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

PEERS = ["bare-flask", "bare-pylons", "compatshim", "ask-both", "flask-first"]
LACKS = {"bare-flask": "legacy", "bare-pylons": "flask"}

# With ten routes, four topics: for each place a path, and the rule that serves it.
PATHS = {
    "flask": {
        "first": ("/account/topic0/x", "/account/topic0/<id>"),
        "middle": ("/dashboard/topic2/x", "/dashboard/topic2/<id>"),
        "last": ("/search/topic3/x", "/search/topic3/<id>"),
        "half moved": ("/help/flask/x", "/help/flask/<id>"),
        "missing": ("/account/nothing/x", None),
    },
    "legacy": {
        "first": ("/dataset/topic0/x", "/dataset/topic0/<id>"),
        "middle": ("/organization/topic2/x", "/organization/topic2/<id>"),
        "last": ("/report/topic3/x", "/report/topic3/<id>"),
        "half moved": ("/help/legacy/x", "/help/legacy/<id>"),
        "missing": ("/dataset/nothing/x", None),
    },
}


@pytest.fixture
def peers(load: Callable[[str], ModuleType]) -> ModuleType:
    return load("_routing_peers")


@pytest.fixture
def requester(load: Callable[[str], ModuleType]) -> Any:
    return load("_requester").requester


@pytest.mark.parametrize("side", ["flask", "legacy"])
def test_each_place_in_the_table_has_its_path(peers: ModuleType, side: str) -> None:
    found = peers.paths(side, 10)
    assert found == {place: path for place, (path, _) in PATHS[side].items()}


@pytest.mark.parametrize("side", ["flask", "legacy"])
@pytest.mark.parametrize("size", [10, 100, 1_000])
def test_the_pages_that_are_asked_for_are_of_one_kind_at_every_size(
    peers: ModuleType, side: str, size: int
) -> None:
    for place, path in peers.paths(side, size).items():
        assert path.endswith("/x"), place
        assert path.count("/") == 3


@pytest.mark.parametrize("size", [1, 10, 100])
def test_each_side_has_as_many_routes_and_the_one_that_is_half_moved(
    peers: ModuleType, size: int
) -> None:
    app = peers.make_flask_app(size)
    own = [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]
    mapper = routes.Mapper()
    peers.make_legacy_app(size, mapper)
    assert len({rule.rule for rule in own}) == size + 1
    assert len({route.routepath for route in mapper.matchlist}) == size + 1


@pytest.mark.parametrize("peer", PEERS)
def test_every_peer_gives_the_same_answer_to_every_request(
    peers: ModuleType, requester: Any, peer: str
) -> None:
    application = peers.PEERS[peer](10)
    for side, pages in PATHS.items():
        for path, rule in pages.values():
            serves = rule is not None and LACKS.get(peer) != side
            body = requester(application, path, status=200 if serves else 404)()
            if serves:
                assert body == f"{rule} of {side}: x".encode()


@pytest.mark.parametrize("peer", ["compatshim", "ask-both", "flask-first"])
def test_the_other_pages_of_a_topic_are_served_too(
    peers: ModuleType, requester: Any, peer: str
) -> None:
    application = peers.PEERS[peer](10)
    for side, path, body in [
        ("flask", "/account/topic0", "/account/topic0 of flask: "),
        ("flask", "/api/topic1/y/edit", "/api/topic1/<id>/edit of flask: y"),
        ("legacy", "/dataset/topic0", "/dataset/topic0 of legacy: "),
        ("legacy", "/group/topic1/y/edit", "/group/topic1/<id>/edit of legacy: y"),
    ]:
        assert requester(application, path)() == body.encode(), side


@pytest.mark.parametrize("path", ["/account/nothing/x", "/dataset/nothing/x"])
@pytest.mark.parametrize(
    ("peer", "words"),
    [
        ("bare-flask", b"The requested URL was not found on the server"),
        ("bare-pylons", b"The resource could not be found"),
        ("compatshim", b"The requested URL was not found on the server"),
        ("ask-both", b"The requested URL was not found on the server"),
        ("flask-first", b"The resource could not be found"),
    ],
)
def test_who_says_that_there_is_no_page(
    peers: ModuleType, requester: Any, peer: str, words: bytes, path: str
) -> None:
    assert words in requester(peers.PEERS[peer](10), path, status=404)()


@pytest.mark.parametrize(
    ("peer", "sides"),
    [
        ("bare-flask", ["flask"]),
        ("bare-pylons", ["legacy"]),
        ("compatshim", ["flask", "legacy"]),
        ("ask-both", ["flask", "legacy"]),
        ("flask-first", ["flask", "legacy"]),
    ],
)
def test_which_sides_a_peer_serves(
    peers: ModuleType, peer: str, sides: list[str]
) -> None:
    assert peers.sides(peer) == sides
    assert list(peers.PEERS) == PEERS


@pytest.mark.parametrize(
    ("peer", "path", "flask_matches", "routes_matches"),
    [
        ("bare-flask", "/account/topic0/x", 1, 0),
        ("bare-pylons", "/dataset/topic0/x", 0, 1),
        # A section that has moved as a whole is asked of one side only; the index is not
        # Routes' own way.
        ("compatshim", "/account/topic0/x", 1, 0),
        ("compatshim", "/dataset/topic0/x", 0, 0),
        ("compatshim", "/help/legacy/x", 1, 0),
        ("ask-both", "/account/topic0/x", 2, 1),
        ("ask-both", "/dataset/topic0/x", 2, 2),
        ("flask-first", "/account/topic0/x", 1, 0),
        ("flask-first", "/dataset/topic0/x", 1, 1),
    ],
)
def test_how_often_each_router_is_asked(
    peers: ModuleType,
    requester: Any,
    monkeypatch: pytest.MonkeyPatch,
    peer: str,
    path: str,
    flask_matches: int,
    routes_matches: int,
) -> None:
    ask = requester(peers.PEERS[peer](10), path)
    asked = []

    def counted(name: str, method: Any) -> Any:
        def match(*args: Any, **kwargs: Any) -> Any:
            asked.append(name)
            return method(*args, **kwargs)

        return match

    monkeypatch.setattr(MapAdapter, "match", counted("flask", MapAdapter.match))
    own = counted("routes", routes.Mapper._match)
    monkeypatch.setattr(routes.Mapper, "_match", own)
    ask()
    assert (asked.count("flask"), asked.count("routes")) == (
        flask_matches,
        routes_matches,
    )


@pytest.mark.parametrize(
    ("peer", "has_request"),
    [
        ("bare-pylons", False),
        ("compatshim", False),
        ("ask-both", True),
        ("flask-first", False),
    ],
)
def test_only_ask_both_serves_legacy_routes_within_a_flask_request(
    peers: ModuleType,
    requester: Any,
    monkeypatch: pytest.MonkeyPatch,
    peer: str,
    has_request: bool,
) -> None:
    def show(_: Any) -> str:
        return str(flask.has_request_context())

    monkeypatch.setattr(peers.PageController, "show", show)
    ask = requester(peers.PEERS[peer](10), "/dataset/topic0/x")
    assert ask() == str(has_request).encode()


def test_an_answer_of_another_status_is_not_timed(
    peers: ModuleType, requester: Any
) -> None:
    with pytest.raises(AssertionError, match=r"/nothing answered \['404 NOT FOUND'\]"):
        requester(peers.PEERS["bare-flask"](1), "/nothing")
