"""Where a locale stands in the paths of a site."""

from __future__ import annotations

import pytest

from compatshim.locale_prefix import LocalePrefixes, take_locale


@pytest.mark.parametrize("locales", ["de pt_BR", "de, pt_BR", ["de", "pt_BR"]])
def test_locales_as_text_or_list(locales):
    assert LocalePrefixes(locales).locales == ("de", "pt_BR")


@pytest.mark.parametrize(
    ("root_path", "path", "expected"),
    [
        (None, "/de/x", ("/de", "de")),
        (None, "/de", ("/de", "de")),
        (None, "/desert", ("", None)),
        (None, "/x/de", ("", None)),
        (None, "", ("", None)),
        ("/data/{{LANG}}", "/data/de/x", ("/data/de", "de")),
        ("/data/{{LANG}}/", "/data/x", ("/data", None)),
        ("/data/{{LANG}}", "/de/x", ("", None)),
        ("{{LANG}}/data", "/de/data/x", ("/de/data", "de")),
        ("{{LANG}}/data", "/data/x", ("/data", None)),
        ("{{LANG}}/data", "/de/x", ("", None)),
    ],
)
def test_prefix_of_a_path(root_path, path, expected):
    assert LocalePrefixes("de fr", root_path).split(path) == expected


@pytest.mark.parametrize("root_path", ["/data", "/data-{{LANG}}"])
def test_root_path_without_a_segment_for_the_locale(root_path):
    with pytest.raises(ValueError, match="no segment"):
        LocalePrefixes("de", root_path)


def test_locale_that_the_site_does_not_have():
    with pytest.raises(LookupError):
        LocalePrefixes("de").prefix("en")


def test_prefix_moves_from_the_path_to_the_script_name():
    environ = {"SCRIPT_NAME": "/mount", "PATH_INFO": "/de/fr/x"}
    take_locale(environ, LocalePrefixes("de fr"))
    assert (environ["SCRIPT_NAME"], environ["PATH_INFO"]) == ("/mount/de", "/fr/x")
    assert environ["compatshim.locale"] == "de"


def test_second_pass_of_a_request_is_left_alone():
    environ = {"SCRIPT_NAME": "/mount", "PATH_INFO": "/de/fr/x"}
    take_locale(environ, LocalePrefixes("de fr"))
    take_locale(environ, LocalePrefixes("de fr"))
    assert (environ["SCRIPT_NAME"], environ["PATH_INFO"]) == ("/mount/de", "/fr/x")
