"""Every exception says what happened and what to do, and carries its data."""

from __future__ import annotations

import copy
import inspect
import pickle
import subprocess
import sys

import pytest
from hypothesis import given, strategies as st

from compatshim import errors

CLASSES = sorted(
    {
        member
        for name in errors.__all__
        if isinstance(member := getattr(errors, name), type)
        and member is not errors.HTTPException  # which abort() makes
    },
    key=lambda cls: cls.__name__,
)
DATA = st.one_of(st.none(), st.integers(), st.text(), st.binary())
NAMES = st.lists(st.text(min_size=1), max_size=4)
ARGUMENTS = {
    "app_names": NAMES,
    "conflicts": st.lists(st.tuples(st.text(), st.text())),
    "find_names": NAMES.map(lambda names: lambda: names),
    "function": st.just(len),
    "missing": NAMES,
    "places": NAMES,
    "value_type": st.sampled_from([set, complex, bytearray]),
    "values": st.dictionaries(st.text(), DATA),
}


@st.composite
def raised(draw, cls):
    """An exception of the class, whose arguments are what they may be."""
    if not inspect.isfunction(cls.__init__):  # Python's own
        return cls(draw(DATA))
    parameters = list(inspect.signature(cls.__init__).parameters.values())[1:]
    given = {one.name: draw(_argument(one, cls)) for one in parameters}
    return cls(**given)


def _argument(parameter, cls):
    if cls is errors.UrlBuildError and parameter.name == "find_names":
        return st.tuples(NAMES, NAMES).map(lambda names: lambda: names)
    if parameter.name in ARGUMENTS:
        return ARGUMENTS[parameter.name]
    kinds = parameter.annotation.split(" | ")
    return DATA if kinds == ["object"] else st.one_of(*map(_of_kind, kinds))


def _of_kind(kind):
    return {"None": st.none(), "int": st.integers()}.get(kind, st.text())


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
            errors.AliasError("pylons", "it is installed"),
            {"alias": "pylons", "reason": "it is installed"},
            ["'pylons'", "it is installed", "install_alias()", "COMPATSHIM_ALIAS"],
        ),
        (
            errors.WatchError("tg", "requset", "the module has no such name"),
            {"module": "tg", "attribute": "requset"},
            ["'tg.requset'", "the module has no such name"],
        ),
        (
            errors.WatchError("tgg", None, "there is no such module"),
            {"module": "tgg", "attribute": None},
            ["'tgg'", "there is no such module"],
        ),
        (
            errors.WorkerLostError(),
            {},
            ["ended from outside", "--jobs 1"],
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


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
@given(data=st.data())
def test_error_comes_out_of_another_process_as_it_was(cls, data):
    """As ``multiprocessing`` and ``concurrent.futures`` send it."""
    error = data.draw(raised(cls))
    error.__notes__ = ["seen"]
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error)):  # noqa: S301 (our own)
        assert type(again) is cls
        assert (str(again), again.args) == (str(error), error.args)
        assert shown(again) == shown(error)
        assert shown(copy.copy(again)) == shown(error)


def shown(error):
    members = {
        name: getattr(error, name, None) for name in dir(error) if name[0] != "_"
    }
    data = {name: one for name, one in members.items() if not callable(one)}
    return {**data, "notes": error.__notes__}


@pytest.mark.parametrize("name", errors.__all__)
def test_public_name_can_be_imported(name):
    assert getattr(errors, name) is not None


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_traceback_names_the_module_that_users_import(cls):
    of_frameworks = cls is errors.UrlBuildError
    expected = "compatshim.objects.errors" if of_frameworks else "compatshim.errors"
    assert cls.__module__ == expected


def test_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'missing'"):
        errors.missing  # noqa: B018


def test_importing_the_module_loads_no_framework():
    code = (
        "import sys, compatshim.errors;"
        "print([m for m in ('flask', 'webob', 'routes', 'werkzeug') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"
