"""Translations in Mako templates, the common functions and Pylons' own."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from mako.lookup import TemplateLookup

from compatshim.common import lazy_gettext, render_mako, set_lang

HELLO = lazy_gettext("Hello")


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("${_('Hello')} ${hello}", "Bonjour Bonjour"),
        ("${ungettext('file', 'files', 2)}", "fichiers"),
        ("${_('Hi %s') % '<b>'}", "Salut &lt;b&gt;"),
        ("${_('Hi %(name)s', name='<b>')}", "Salut &lt;b&gt;"),
        ('<html dir="${text_direction()}">', '<html dir="ltr">'),
    ],
)
def test_messages_in_a_template(
    translate_site, write_template, tmp_path, template, expected
):
    messages = {
        "Hello": "Bonjour",
        "Hi %s": "Salut %s",
        "Hi %(name)s": "Salut %(name)s",
        ("file", "files"): ("fichier", "fichiers"),
    }
    site = translate_site({"fr": messages}, "de")
    folder = str(tmp_path / "templates")
    site.legacy_config["pylons.app_globals"] = SimpleNamespace(
        mako_lookup=TemplateLookup([folder], default_filters=["h"])
    )
    write_template("page.mako", template)

    def view():
        set_lang("fr")
        return str(render_mako("page.mako", hello=HELLO))

    site.add("/page", view)
    assert site.open("/page").result == expected
