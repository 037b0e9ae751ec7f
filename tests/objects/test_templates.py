"""Which template languages are loaded, and when."""

from __future__ import annotations

import subprocess
import sys

import pytest

PAGE = """
from flask import Flask
from jinja2 import DictLoader
from compatshim import CompatShim
from compatshim.common import render, render_mako

app = Flask("sample")
app.jinja_loader = DictLoader({"page.html": "{{ h.one() }}"})
CompatShim(app).helper("one")(lambda: 1)
with app.test_request_context("/"):
    assert render("page.html") == "1"
"""

LEGACY = """
from compatshim.legacy.templating import render_mako, render_jinja2
from compatshim.legacy.wsgiapp import PylonsApp
"""


@pytest.mark.parametrize(
    ("code", "unwanted"),
    [(PAGE, {"mako", "beaker"}), (LEGACY, {"mako", "beaker", "jinja2"})],
    ids=["a Jinja page", "the legacy side alone"],
)
def test_what_the_application_does_not_use_is_not_loaded(code, unwanted):
    code += f"import sys\nassert not {unwanted} & set(sys.modules)"
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=True)
