"""A language that is chosen in a hook holds for the whole request, on either side."""

from __future__ import annotations

from compatshim.common import _, request, set_lang


def test_language_of_the_request(translate_site):
    site = translate_site({"de": {"Hello": "Hallo"}}, lang="en")
    site.add("/page", lambda: _("Hello"))

    @site.shim.before_request
    def choose():
        set_lang(request.args.get("lang"))

    @site.shim.after_request
    def greet(made):
        made.headers["X-Greeting"] = _("Hello")
        return made

    for path, text in {"/page?lang=de": "Hallo", "/page": "Hello"}.items():
        got = site.client.get(path)
        assert (got.text, got.headers["X-Greeting"]) == (text, text)
