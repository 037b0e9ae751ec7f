"""Every expression on a multidict of ``request`` is that of the library it is from.

For ``POST /page?a=1&a=2`` with the form ``a=3&b=4``, beside the library's own request.
"""

from __future__ import annotations

import flask
import pytest
import webob
from webob.multidict import NoVars
from werkzeug.test import create_environ

from compatshim.common import request

REQUEST = {
    "method": "POST",
    "data": b"a=3&b=4",
    "content_type": "application/x-www-form-urlencoded",
}


def set_item(found):
    found["a"] = "5"
    return list(found.items())


def delete_item(found):
    del found["a"]
    return list(found.items())


# What both libraries have, each in its own way.
ANY = {
    "[]": lambda found: found["a"],
    "[] of another": lambda found: found["b"],
    "[] of none": lambda found: found["none"],
    "get": lambda found: found.get("a"),
    "get of none": lambda found: found.get("none"),
    "get with a default": lambda found: found.get("none", "x"),
    "in": lambda found: ("a" in found, "b" in found, "none" in found),
    "iteration": list,
    "len": len,
    "bool": bool,
    "keys": lambda found: list(found.keys()),
    "values": lambda found: list(found.values()),
    "items": lambda found: list(found.items()),
    "dict": dict,
    "copy": lambda found: list(found.copy().items()),
    "equal": lambda found: found == found.copy(),
    "add": lambda found: (found.add("a", "5"), list(found.items())),
    "set": set_item,
    "del": delete_item,
    "pop": lambda found: (found.pop("a"), list(found.items())),
    "update": lambda found: (found.update({"a": "5"}), list(found.items())),
    "setdefault": lambda found: (found.setdefault("c", "5"), list(found.items())),
    "clear": lambda found: (found.clear(), list(found.items())),
}
WEBOB = {
    **ANY,
    "getall": lambda found: found.getall("a"),
    "getall of none": lambda found: found.getall("none"),
    "getone": lambda found: found.getone("b"),
    "getone of several": lambda found: found.getone("a"),
    "getone of none": lambda found: found.getone("none"),
    "mixed": lambda found: found.mixed(),
    "dict_of_lists": lambda found: found.dict_of_lists(),
    "extend": lambda found: (found.extend([("a", "5")]), list(found.items())),
}
WERKZEUG = {
    **ANY,
    "getlist": lambda found: found.getlist("a"),
    "getlist of none": lambda found: found.getlist("none"),
    "getlist with a type": lambda found: found.getlist("a", type=int),
    "get with a type": lambda found: found.get("a", type=int),
    "get with a type of none": lambda found: found.get("none", 7, type=int),
    "to_dict": lambda found: found.to_dict(),
    "to_dict of lists": lambda found: found.to_dict(flat=False),
    "every item": lambda found: list(found.items(multi=True)),
    "lists": lambda found: [(key, list(values)) for key, values in found.lists()],
    "listvalues": lambda found: [list(values) for values in found.listvalues()],
}


def outcome(operation, found):
    """Return what an operation gives, or the class of what it raises."""
    try:
        return operation(found)
    except (LookupError, TypeError, AttributeError) as error:
        return type(error)


def ask(serve, name, operation):
    served = serve(
        lambda: outcome(operation, getattr(request, name)), "/page?a=1&a=2", **REQUEST
    )
    return served.result


def expected_of(kind, name, operation):
    own = kind(create_environ("/page?a=1&a=2", **REQUEST))
    return outcome(operation, getattr(own, name))


@pytest.mark.parametrize("operation", WEBOB)
@pytest.mark.parametrize("name", ["params", "GET", "POST"])
def test_expression_on_a_multidict_of_webobs(serve, name, operation):
    expected = expected_of(webob.Request, name, WEBOB[operation])
    assert ask(serve, name, WEBOB[operation]) == expected


@pytest.mark.parametrize("operation", WERKZEUG)
@pytest.mark.parametrize("name", ["args", "form", "values"])
def test_expression_on_a_multidict_of_werkzeugs(serve, name, operation):
    expected = expected_of(flask.Request, name, WERKZEUG[operation])
    assert ask(serve, name, WERKZEUG[operation]) == expected


@pytest.mark.parametrize("name", ["GET", "POST", "args", "form", "files", "values"])
def test_multidict_is_one_object_for_the_whole_request(serve, name):
    served = serve(lambda: getattr(request, name) is getattr(request, name), **REQUEST)
    assert served.result is True


@pytest.mark.parametrize("content_type", [None, "text/plain", REQUEST["content_type"]])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
def test_body_that_is_no_form_says_so_as_webob(serve, method, content_type):
    options = {**REQUEST, "method": method, "content_type": content_type}

    def what_is_said(found):
        with pytest.raises(KeyError) as caught:
            found["none"]
        return isinstance(found, NoVars), "Not an HTML form" in str(caught.value)

    served = serve(lambda: what_is_said(request.POST), **options)
    own = webob.Request(create_environ("/page", **options))
    assert served.result == what_is_said(own.POST)
