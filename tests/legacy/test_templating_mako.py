"""Mako templates in a legacy application, with the real library."""

from __future__ import annotations

from mako.lookup import TemplateLookup

from compatshim.legacy.templating import render_mako, render_mako_def


class Globals:
    pass


def test_a_template_and_a_def(serve):
    globals_ = Globals()
    globals_.mako_lookup = TemplateLookup()
    globals_.mako_lookup.put_string(
        "a",
        '${title} ${request.path} ${_("é")}<%def name="head(title)">[${title}]</%def>',
    )

    def index(self):
        page = render_mako("a", {"title": "t"})
        return page + render_mako_def("a", "head", title="é")

    served = serve(index, options={"pylons.app_globals": globals_})
    assert served.text == "t /index é[é]"
