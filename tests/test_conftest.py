"""The leak detector and the skipping of missing extras, in a small suite of their own."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import ModuleType

_CONFTEST = Path(__file__).with_name("conftest.py")


@pytest.fixture
def suite(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> pytest.Pytester:
    monkeypatch.setenv("COLUMNS", "300")  # pytest cuts its summary to the terminal
    pytester.makeconftest(_CONFTEST.read_text("utf-8"))
    return pytester


def outcomes(suite: pytest.Pytester) -> dict[str, str]:
    """Run the suite in its own process, in file order; return each test's outcome."""
    result = suite.runpytest_subprocess(
        "-rA", "-p", "no:randomly", "-p", "no:cacheprovider"
    )
    found: dict[str, str] = {}
    for line in result.outlines:
        outcome, _, rest = line.partition(" ")
        if outcome in ("PASSED", "FAILED", "ERROR") and "::" in rest:
            name = rest.split("::")[1].split(" ")[0]
            found[name] = rest.partition(" - ")[2] or outcome
    return found


def test_leaking_test_is_blamed_and_only_that_one(suite: pytest.Pytester) -> None:
    suite.makepyfile(
        """
        import contextlib

        import compatshim.legacy
        import flask
        from compatshim.serving import LegacyRequest, serving_legacy

        app = flask.Flask("leaky")
        kept = contextlib.ExitStack()

        @app.teardown_request
        @app.teardown_appcontext
        def fail(error):
            raise RuntimeError("must hide no leak")

        def test_clean_before():
            pass

        def test_request_context():
            app.test_request_context("/").push()

        def test_clean_after_request_context():
            assert not flask.has_request_context()

        def test_app_context():
            app.app_context().push()

        def test_clean_after_app_context():
            assert not flask.has_app_context()

        def test_legacy_request():
            kept.enter_context(serving_legacy(LegacyRequest({})))

        def test_clean_after_legacy_request():
            pass

        def test_pushed_proxy():
            compatshim.legacy.tmpl_context._push_object(object())

        def test_clean_after_pushed_proxy():
            pass

        def test_contexts_in_the_wrong_order():
            app.app_context().push()
            app.test_request_context("/").push()
            app.app_context().push()

        def test_clean_after_contexts_in_the_wrong_order():
            assert not flask.g
        """
    )
    found = outcomes(suite)
    blamed = {name: text for name, text in found.items() if text != "PASSED"}
    assert set(blamed) == {
        "test_request_context",
        "test_app_context",
        "test_legacy_request",
        "test_pushed_proxy",
        "test_contexts_in_the_wrong_order",
    }
    assert "left behind: Flask request context" in blamed["test_request_context"]
    assert "left behind: Flask application" in blamed["test_app_context"]
    assert "left behind: legacy request" in blamed["test_legacy_request"]
    assert blamed["test_pushed_proxy"].endswith("bound legacy proxy 'tmpl_context'")
    assert len(found) == 11


def test_leak_in_a_fixture_is_seen(suite: pytest.Pytester) -> None:
    suite.makepyfile(
        """
        import flask
        import pytest

        @pytest.fixture
        def request_context():
            context = flask.Flask("leaky").test_request_context("/")
            context.push()
            return context

        @pytest.fixture
        def balanced():
            with flask.Flask("balanced").test_request_context("/"):
                yield

        def test_leaking(request_context):
            pass

        def test_balanced(balanced):
            pass
        """
    )
    found = outcomes(suite)
    assert "left behind: Flask request context" in found["test_leaking"]
    assert found["test_balanced"] == "PASSED"


def load_conftest() -> ModuleType:
    spec = importlib.util.spec_from_file_location("root_conftest", _CONFTEST)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_everything_is_collected_where_all_extras_are_installed() -> None:
    assert load_conftest().ignored_globs(lambda name: name) == []


def test_nothing_of_an_extra_is_collected_without_it() -> None:
    conftest = load_conftest()
    assert conftest.ignored_globs(lambda name: None) == list(conftest.NEEDED)


def test_one_missing_library_hides_only_what_needs_it() -> None:
    globs = load_conftest().ignored_globs(lambda name: name != "mako")
    assert globs == ["*test_*mako*.py"]


def test_ignored_files_are_not_even_loaded(suite: pytest.Pytester) -> None:
    conftest = suite.path / "conftest.py"
    with conftest.open("a", encoding="utf-8") as file:
        file.write("\ncollect_ignore_glob = ignored_globs(lambda name: None)\n")
    suite.makepyfile(
        **{
            "test_plain": "def test_plain():\n    pass",
            "test_render_mako": "import a_missing_extra",
            "demo/conftest": "import a_missing_extra",
            "demo/test_pages": "import a_missing_extra",
            "legacy/test_beaker_session": "import a_missing_extra",
        }
    )
    assert outcomes(suite) == {"test_plain": "PASSED"}
