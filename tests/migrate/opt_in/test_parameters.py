"""``request.params`` becomes ``args`` or ``form``, by the methods of the routes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from compatshim.migrate.opt_in import parameters

if TYPE_CHECKING:
    from collections.abc import Callable

    Apply = Callable[..., Any]

CODE = parameters.CODE
IMPORT = "from compatshim.common import request\n"
GET = ("GET", "HEAD", "OPTIONS")


def route(
    view: str | None = "views:read",
    methods: tuple[str, ...] | None = GET,
    **values: Any,
) -> dict[str, Any]:
    return {
        "methods": methods and list(methods),
        "endpoint": "read",
        "name": None,
        "framework": "flask",
        "arguments": [],
        "view": view,
        "replaces": [],
        **values,
    }


def view(*lines: str) -> str:
    body = "".join(f"    {line}\n" for line in lines)
    return f"{IMPORT}\n\ndef read():\n{body}"


def test_example(apply: Apply) -> None:
    before, after = view(parameters.BEFORE.strip()), view(parameters.AFTER.strip())
    outcome = apply({"views.py": before}, CODE, [route()])
    assert outcome.files["views.py"] == after
    assert (outcome.left, outcome.exit_code) == ([], 0)


@pytest.mark.parametrize(
    ("methods", "instead"),
    [
        (GET, "args"),
        (("GET",), "args"),
        (("HEAD", "GET"), "args"),
        (("POST", "OPTIONS"), "form"),
        (("POST", "PUT", "PATCH"), "form"),
    ],
)
def test_methods(apply: Apply, methods: tuple[str, ...], instead: str) -> None:
    outcome = apply(
        {"views.py": view("request.params['a']")},
        CODE,
        [route(None), route(methods=methods)],
    )
    assert outcome.files["views.py"] == view(f"request.{instead}['a']")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("request.params['a'].x", "request.args['a'].x"),
        (
            "request.params['a'] + request.params['b']",
            "request.args['a'] + request.args['b']",
        ),
        (
            "x = request.params.get('a', default=1)",
            "x = request.args.get('a', default=1)",
        ),
        (
            "for x in request.params.getall('a'): x",
            "for x in request.args.getlist('a'): x",
        ),
        ("if 'a' in request.params: x", "if 'a' in request.args: x"),
        ("if 'a' not in request.params: x", "if 'a' not in request.args: x"),
        ("y = [request.params[k] for k in x]", "y = [request.args[k] for k in x]"),
        (
            "request.params.getall('a'), request.params['b']",
            "request.args.getlist('a'), request.args['b']",
        ),
    ],
)
def test_ways_of_reading(apply: Apply, before: str, after: str) -> None:
    outcome = apply({"views.py": view(before)}, CODE, [route()])
    assert (outcome.files["views.py"], outcome.left) == (view(after), [])


@pytest.mark.parametrize(
    ("lines", "routes", "reason"),
    [
        (
            ["dict(request.params)"],
            [route()],
            "only [...], get(), getall() and in are the same for both",
        ),
        (["request.params.items()"], [route()], "only [...], get(), getall() and in"),
        (["request.params.mixed()"], [route()], "only [...], get(), getall() and in"),
        (
            ["for k in request.params: k"],
            [route()],
            "only [...], get(), getall() and in",
        ),
        (["request.params['a'] = 1"], [route()], "only [...], get(), getall() and in"),
        (["del request.params['a']"], [route()], "only [...], get(), getall() and in"),
        (["x = request.params.get"], [route()], "only [...], get(), getall() and in"),
        (
            ["request.params['a']"],
            [route(methods=("GET", "POST"))],
            "its routes take GET, POST, so both are meant",
        ),
        (
            ["request.params['a']"],
            [route(), route(methods=("POST",))],
            "its routes take GET, HEAD, POST, so both are meant",
        ),
        (
            ["request.params['a']"],
            [route(methods=("DELETE",))],
            "its routes take DELETE, so both are meant",
        ),
        (["request.params['a']"], [route(methods=None)], "its routes take any method"),
        (
            ["request.params['a']"],
            [route(methods=("OPTIONS",))],
            "its routes take OPTIONS, so both",
        ),
        (
            ["request.params['a']"],
            [route("views:other")],
            "no route of the table leads to this function",
        ),
        (
            ["def inner():", "    request.params['a']"],
            [route()],
            "no route of the table leads to this function",
        ),
        (
            ["request.params['a'].filename"],
            [route(methods=("POST",))],
            "it may be an upload, which is in request.files",
        ),
    ],
)
def test_refusals(
    apply: Apply, lines: list[str], routes: list[dict[str, Any]], reason: str
) -> None:
    outcome = apply({"views.py": view(*lines)}, CODE, routes)
    assert outcome.files["views.py"] == view(*lines)
    (left,) = outcome.left
    assert f"CS122 request.params is left as it is: {reason}" in left
    assert outcome.exit_code == 1


@pytest.mark.parametrize("key", ["'a'", '"a"', "name"])
def test_key_that_may_be_repeated(apply: Apply, key: str) -> None:
    lines = [f"x = request.params[{key}]", "y = request.params.getall('a')"]
    outcome = apply({"views.py": view(*lines)}, CODE, [route()])
    assert outcome.files["views.py"] == view(lines[0], "y = request.args.getlist('a')")
    (left,) = outcome.left
    assert left.endswith(
        "the key may be repeated, and the first value is not the last one"
    )


def test_function_that_is_called_from_elsewhere(apply: Apply) -> None:
    source = (
        view("return request.params['a']") + "\n\ndef other():\n    return read()\n"
    )
    outcome = apply({"views.py": source}, CODE, [route()])
    assert outcome.files["views.py"] == source
    assert outcome.left[0].endswith("the function is called from elsewhere, too")


@pytest.mark.parametrize(
    "source",
    [
        "from flask import request\ndef read():\n    request.params['a']\n",
        f"{IMPORT}def read(request):\n    request.params['a']\n",
        f"{IMPORT}def read():\n    c.request.params['a'], params, request.args\n",
        view("request.params['a']  # compatshim: ignore[CS122]"),
    ],
)
def test_what_is_not_meant(apply: Apply, source: str) -> None:
    outcome = apply({"views.py": source}, CODE, [route()])
    assert (outcome.files["views.py"], outcome.left) == (source, [])


# Controllers

CONTROLLER = f"""{IMPORT}

class OrderController:
    def read(self):
        return request.params["a"]

    def other(self):
        return {{call}}
"""
NAME = "shop.controllers.order:OrderController"


def controller(call: str = "None", instead: str = "params") -> dict[str, str]:
    source = CONTROLLER.format(call=call).replace(".params", f".{instead}")
    return {
        "shop/__init__.py": "",
        "shop/controllers/__init__.py": "",
        "shop/controllers/order.py": source,
    }


def legacy(endpoint: str, action: str | None = "read", **values: Any) -> dict[str, Any]:
    name = None if action is None else f"{NAME}.{action}"
    return route(name, endpoint=endpoint, framework="legacy", **values)


@pytest.mark.parametrize("methods", ["GET", "POST"])
def test_action(apply: Apply, methods: str) -> None:
    routes = [legacy("order/read", methods=(methods,))]
    # Those of another controller lead elsewhere.
    routes += [legacy("basket/{action}", None, methods=None)]
    outcome = apply(controller(), CODE, routes)
    instead = {"GET": "args", "POST": "form"}[methods]
    assert outcome.files == controller(instead=instead)


@pytest.mark.parametrize("endpoint", ["{controller}/{action}", "order/{action}"])
def test_action_that_the_path_may_choose(apply: Apply, endpoint: str) -> None:
    routes = [
        legacy("order/read", methods=("GET",)),
        legacy(endpoint, None, methods=None),
    ]
    outcome = apply(controller(), CODE, routes)
    assert outcome.files == controller()
    assert outcome.left[0].endswith("its routes take any method")


def test_action_that_another_class_inherits(apply: Apply) -> None:
    files = controller()
    files["shop/other.py"] = "class Other(order.OrderController):\n    pass\n"
    outcome = apply(files, CODE, [legacy("order/read", methods=("GET",))])
    assert outcome.files == files
    assert "other classes inherit it" in outcome.left[0]


def test_action_that_another_one_calls(apply: Apply) -> None:
    files = controller("self.read()")
    outcome = apply(files, CODE, [legacy("order/read", methods=("GET",))])
    assert outcome.files == files
    assert outcome.left[0].endswith("the function is called from elsewhere, too")


@pytest.mark.parametrize(
    ("method", "table", "instead"),
    [
        ("dispatch_request", "views:Read.dispatch_request", "args"),
        ("get", "views:Read", "args"),
        ("post", "views:Read", "form"),
        ("other", "views:Read", "params"),
    ],
)
def test_view_class(apply: Apply, method: str, table: str, instead: str) -> None:
    source = f"{IMPORT}class Read(View):\n    def {method}(self):\n        "
    outcome = apply(
        {"views.py": f"{source}return request.params['a']\n"}, CODE, [route(table)]
    )
    assert outcome.files["views.py"] == f"{source}return request.{instead}['a']\n"
