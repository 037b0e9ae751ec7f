"""Coroutine functions as hooks: Flask's ``async`` extra runs them on both sides."""

from __future__ import annotations

import asyncio

from compatshim.common import c, request


def test_coroutine_functions(make_site):
    site = make_site()
    site.add("/page", lambda: c.user)
    seen = []

    @site.shim.before_request
    async def before():
        await asyncio.sleep(0)
        c.user = "ada"

    @site.shim.after_request
    async def after(made):
        await asyncio.sleep(0)
        made.headers["X-Path"] = request.path
        return made

    @site.shim.teardown_request
    async def teardown(error):
        await asyncio.sleep(0)
        seen.append(error)

    got = site.client.get("/page")
    assert (got.text, got.headers["X-Path"], seen) == ("ada", "/page", [None])


def test_a_coroutine_function_answers(make_site):
    site = make_site()
    site.add("/page", lambda: "page")

    @site.shim.before_request
    async def before():
        return "answer", 202

    got = site.client.get("/page")
    assert (got.text, got.status_code) == ("answer", 202)
