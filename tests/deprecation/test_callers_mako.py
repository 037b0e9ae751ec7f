"""Warnings point at the line of a Mako template, also of one that is in no file."""

from __future__ import annotations

import pytest
from mako.lookup import TemplateLookup
from mako.template import Template

from compatshim.deprecation import Recorder


@pytest.mark.filterwarnings("ignore:CS501")
def test_line_of_a_template_that_is_in_no_file():
    recorder = Recorder()
    made_up = {"__name__": "compatshim.made_up", "record": recorder.record}
    exec("def old():\n    record('CS501', 'old')", made_up)
    text = "a\n\n${old()}"
    for _ in range(3):
        Template(text).render(old=made_up["old"])  # noqa: S702 (nothing to escape)
    lookup = TemplateLookup()
    lookup.put_string("shop/page.mako", text)
    lookup.get_template("shop/page.mako").render(old=made_up["old"])
    places = [(use.site.filename, use.site.line) for use in recorder.uses()]
    assert places == [("<template>", 3), ("<template shop/page.mako>", 3)]
