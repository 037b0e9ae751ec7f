"""Every exception says what happened and what to do, and carries its data."""

from __future__ import annotations

import subprocess
import sys

import pytest

from compatshim import errors


@pytest.mark.parametrize(
    ("error", "data", "parts"),
    [
        (
            errors.NoRequestError("session"),
            {"object_name": "session"},
            ["'session'", "app.test_request_context", "legacy_request_context"],
        ),
        (
            errors.NotForwardedError("request.x", "flask", "Use request.y."),
            {
                "attribute": "request.x",
                "framework": "flask",
                "instead": "Use request.y.",
            },
            ["'request.x'", "flask is serving", "Use request.y."],
        ),
        (
            errors.NotInitialisedError("shop", "url_for"),
            {"app_name": "shop"},
            ["'shop'", "url_for", "CompatShim(app, legacy=legacy_app)"],
        ),
        (
            errors.NotInitialisedError(None, "url_for"),
            {"app_name": None},
            ["url_for", "app.app_context()"],
        ),
        (
            errors.AlreadyInitialisedError("shop"),
            {"app_name": "shop"},
            ["'shop'", "init_app once"],
        ),
        (
            errors.WrappedApplicationError("shop", "<middleware>"),
            {"app_name": "shop", "middleware": "<middleware>"},
            ["'shop'", "<middleware>", 'inner_middleware="flask-only"'],
        ),
        (
            errors.HelperNotFoundError("lnk", lambda: ["link", "date"]),
            {"name": "lnk", "nearest": ("link",)},
            ["'lnk'", "'link'", "@shim.helper"],
        ),
        (
            errors.TemplateNotFoundError("a.html", ["/one", "/two", "/one"]),
            {"template_name": "a.html", "places": ("/one", "/two")},
            ["'a.html'", "/one, /two"],
        ),
        (
            errors.TemplateNotFoundError("a.html", []),
            {"template_name": "a.html", "places": ()},
            ["'a.html'", "no folder is set up"],
        ),
        (
            errors.BeakerOptionError("timeout must be an integer"),
            {"problem": "timeout must be an integer"},
            ["timeout must be an integer", "beaker.session.type"],
        ),
        (
            errors.BeakerStoreError("memcached does not answer"),
            {"problem": "memcached does not answer"},
            ["memcached does not answer", "beaker.session.url"],
        ),
        (
            errors.SessionTooLargeError("too long"),
            {"problem": "too long"},
            ["too long", "beaker.session.type = ext:redis"],
        ),
        (
            errors.MissingExtraError("cache", "beaker"),
            {"feature": "cache", "extra": "beaker"},
            ["cache", "pip install 'compatshim[beaker]'"],
        ),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_error_has_its_data_and_says_what_to_do(error, data, parts):
    assert isinstance(error, errors.CompatShimError)
    assert {name: getattr(error, name) for name in data} == data
    assert [part for part in parts if part not in str(error)] == []


@pytest.mark.parametrize(
    ("cls", "bases"),
    [
        (errors.NoRequestError, (RuntimeError, TypeError, AttributeError)),
        (errors.NotForwardedError, (AttributeError,)),
        (errors.NotInitialisedError, (RuntimeError,)),
        (errors.AlreadyInitialisedError, (RuntimeError,)),
        (errors.WrappedApplicationError, (RuntimeError,)),
        (errors.BeakerOptionError, (ValueError,)),
        (errors.BeakerStoreError, (ConnectionError,)),
        (errors.SessionTooLargeError, (ValueError,)),
        (errors.MissingExtraError, (RuntimeError, TypeError, AttributeError)),
    ],
)
def test_error_is_caught_as_python_would_have_it(cls, bases):
    assert all(issubclass(cls, base) for base in bases)


@pytest.mark.parametrize("name", errors.__all__)
def test_public_name_can_be_imported(name):
    assert getattr(errors, name) is not None


def test_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'missing'"):
        errors.missing  # noqa: B018


def test_importing_the_module_loads_no_framework():
    code = (
        "import sys, compatshim.errors;"
        "print([m for m in ('flask', 'webob', 'routes', 'werkzeug') if m in sys.modules])"
    )
    done = subprocess.run(  # noqa: S603 (this interpreter, our own code)
        [sys.executable, "-W", "ignore", "-c", code],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"
