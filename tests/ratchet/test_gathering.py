"""What several processes have counted is what one would have."""

from __future__ import annotations

import json

from compatshim.deprecation import CallSite, Use
from compatshim.ratchet.gathering import Counted, joined


def _use(line, count, *callers):
    site = CallSite("CS102", "pylons.request", "/shop.py", line)
    return Use(site, "shop", "new", count, list(callers))


def _counts(uses):
    return {use.site.line: use.count for use in uses}


def test_no_process():
    assert joined([]) == []


def test_one_process():
    counted = Counted([_use(1, 5, "a"), _use(2, 3, "b")], [_use(1, 4)])
    uses = joined([counted])
    assert _counts(uses) == {1: 5, 2: 3}
    assert [use.callers for use in uses] == [["a"], ["b"]]


def test_collecting_is_not_multiplied():
    one = Counted([_use(1, 4 + 2), _use(2, 3)], [_use(1, 4)])
    two = Counted([_use(1, 4 + 1), _use(3, 1)], [_use(1, 4)])
    assert _counts(joined([one, two])) == {1: 4 + 2 + 1, 2: 3, 3: 1}


def test_a_process_that_only_began_to_collect():
    controller = Counted([_use(1, 1)], [_use(1, 1)])
    worker = Counted([_use(1, 2 + 3)], [_use(1, 2)])
    assert _counts(joined([controller, worker])) == {1: 2 + 3}


def test_callers_are_a_few_of_all():
    one = Counted([_use(1, 9, *"abcd")])
    two = Counted([_use(1, 9, *"cdefg")])
    [use] = joined([one, two])
    assert use.callers == list("abcde")


def test_nothing_given_is_changed():
    use = _use(1, 5, "a")
    joined([Counted([use]), Counted([_use(1, 5, "b")])])
    assert (use.count, use.callers) == (5, ["a"])


def test_it_can_be_sent():
    counted = Counted([_use(1, 5, "a")], [_use(1, 4)])
    sent = json.loads(json.dumps(counted.to_dict()))
    assert _counts(joined([Counted.from_dict(sent)])) == {1: 5}
    assert _counts(Counted.from_dict(sent).collecting) == {1: 4}
