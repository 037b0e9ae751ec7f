"""URLs in greenlets that take turns in one thread, without any patching of threads."""

from __future__ import annotations

import gevent
import pytest
import routes

from compatshim.common import copy_current_context, is_flask_request, url, url_for
from compatshim.testing import legacy_request_context


def add_pages(site):
    site.mapper.explicit = False
    site.app.add_url_rule("/flask/<id>", "flask", str)
    site.mapper.connect("routes", "/routes/{id}", controller="x", action="y")


def built():
    """Build URLs with every router, giving way to the others again and again."""
    urls = []
    for function in (
        lambda: url_for("flask", id="x"),
        lambda: url_for("routes", id="x", _external=True),
        lambda: url_for("/a.css"),
        url.current,
        lambda: routes.url_for("routes", id="x", qualified=True),
        lambda: routes.request_config().host,
    ):
        gevent.sleep(0)
        urls.append(function())
    if not is_flask_request():
        gevent.sleep(0)
        urls.append(routes.url_for())
        gevent.sleep(0)
        urls.append(routes.request_config().mapper_dict["number"])
    return urls


def expected(framework, number):
    root = f"/mount{number}"
    urls = [
        f"{root}/flask/x",
        f"http://host{number}{root}/routes/x",
        f"{root}/a.css",
        f"{root}/page/{number}",
        f"http://host{number}{root}/routes/x",
        f"host{number}",
    ]
    remembered = [f"{root}/page/{number}", str(number)]
    return urls if framework == "flask" else urls + remembered


@pytest.fixture
def site(make_site):
    site = make_site()
    add_pages(site)
    site.add("/page/<number>", str)
    return site


def test_greenlets_with_a_request_each(site, framework):
    def serve(number):
        options = {"base_url": f"http://host{number}/mount{number}"}
        with site.context(f"/page/{number}", **options):
            return built()

    greenlets = [gevent.spawn(serve, number) for number in range(10)]
    gevent.joinall(greenlets, raise_error=True)
    for number, greenlet in enumerate(greenlets):
        assert greenlet.value == expected(framework, number)


def test_greenlets_of_one_request(site, framework):
    with site.context("/page/7", base_url="http://host7/mount7"):
        greenlets = [gevent.spawn(copy_current_context(built)) for _ in range(3)]
        gevent.joinall(greenlets, raise_error=True)
    for greenlet in greenlets:
        assert greenlet.value == expected(framework, 7)


def test_requests_of_both_frameworks_at_once(site):
    def serve(number):
        make = legacy_request_context if number % 2 else _flask_context
        url = f"/page/{number}" if number % 2 else f"/flask/{number}"
        with make(site.app, url, base_url=f"http://host{number}"):
            urls = []
            for _ in range(3):
                gevent.sleep(0)
                urls.append(
                    (url_for("routes", id="x", qualified=True), is_flask_request())
                )
            return urls

    greenlets = [gevent.spawn(serve, number) for number in range(8)]
    gevent.joinall(greenlets, raise_error=True)
    for number, greenlet in enumerate(greenlets):
        assert greenlet.value == [(f"http://host{number}/routes/x", not number % 2)] * 3


def _flask_context(app, path, **options):
    return app.test_request_context(path, **options)
