"""``pybabel extract``, as docs/translations.md shows it, on a half-migrated tree."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

PAGE = (Path(__file__).parent.parent / "docs" / "translations.md").read_text("utf-8")

TREE = {
    "site/controllers/package.py": """
from pylons import tmpl_context as c
from pylons.i18n import _, ungettext, N_

class PackageController:
    def show(self):
        c.text = _("controller %s") % "x"
        return ungettext("one package", "%d packages", 2) % 2, N_("marked")
""",
    "site/views/package.py": """
from compatshim.common import _, lazy_gettext, lazy_ngettext, npgettext, pgettext
from compatshim.common import lazy_npgettext, lazy_pgettext, lazy_ugettext
from compatshim.common import lazy_ungettext

TITLES = lazy_gettext("lazy"), lazy_ugettext("lazy u")
COUNTS = lazy_ngettext("n", "ns", 2), lazy_ungettext("un", "uns", 2)
OPEN = lazy_pgettext("menu", "lazy p"), lazy_npgettext("menu", "np", "nps", 2)

def show():
    return _("view %(x)s", x=1), pgettext("menu", "p"), npgettext("menu", "a", "as", 2)
""",
    "site/templates/page.html": """
{% trans %}jinja{% endtrans %} {{ _("jinja _") }} {{ ungettext("j", "js", 2) }}
""",
    "site/templates/old/page.mako": "${_('mako')} ${ungettext('m', 'ms', 2)} Ä",
}

EXPECTED = {
    "controller %s",
    ("one package", "%d packages"),
    "marked",
    "lazy",
    "lazy u",
    ("n", "ns"),
    ("un", "uns"),
    ("menu", "lazy p"),
    ("menu", ("np", "nps")),
    "view %(x)s",
    ("menu", "p"),
    ("menu", ("a", "as")),
    "jinja",
    "jinja _",
    ("j", "js"),
    "mako",
    ("m", "ms"),
}


def block(language: str) -> str:
    found = re.search(rf"^```{language}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    assert found is not None
    return found[1]


def messages(path: Path) -> set[object]:
    with path.open("rb") as file:
        found = [message for message in read_po(file) if message.id]
    ids = [
        (message.context, message.id if isinstance(message.id, str) else (*message.id,))
        for message in found
    ]
    return {(context, text) if context else text for context, text in ids}


@pytest.mark.parametrize("options", ["", "newstyle_gettext = true\n"])
def test_every_message_of_both_halves_is_found(tmp_path: Path, options: str) -> None:
    for name, text in TREE.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    mapping = block("ini")
    place = mapping.index("[mako")
    mapping = mapping[:place] + options + mapping[place:]
    (tmp_path / "babel.cfg").write_text(mapping, "utf-8")
    program, *arguments = shlex.split(block("sh").replace("\\\n", ""))
    assert program == "pybabel"
    subprocess.run(
        [sys.executable, "-m", "babel.messages.frontend", *arguments],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    assert messages(tmp_path / "messages.pot") == EXPECTED
