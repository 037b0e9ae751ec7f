"""Flask-Babel is taken over once, however many threads begin at once."""

from __future__ import annotations

import threading

from flask import Flask
from flask_babel import Babel

from compatshim import CompatShim
from compatshim.common import get_lang
from compatshim.objects.i18n import babel


def test_two_threads_adopt_flask_babel_once(monkeypatch):
    app = Flask("site")
    Babel(app, locale_selector=lambda: "de")
    CompatShim(app)
    second_adopts = threading.Event()
    adopting = []

    def adopted(*args):
        adopting.append(args)
        if len(adopting) == 1:
            second.start()
            second_adopts.wait(0.2)  # which it must not
        else:
            second_adopts.set()
        return real(*args)

    def ask():
        with app.app_context():
            answers.append(get_lang())

    answers = []
    second = threading.Thread(target=ask)
    real = babel.AdoptedBabel
    monkeypatch.setattr(babel, "AdoptedBabel", adopted)
    ask()
    second.join()
    ask()
    assert answers == [["de"]] * 3
    assert len(adopting) == 1


def test_languages_that_visitors_choose_do_not_pile_up():
    app = Flask("site")
    Babel(app)
    shim = CompatShim(app)
    shim.add_translations("translations")
    translations = app.extensions["compatshim"].translations
    for number in range(2000):
        translations.find((f"en_{number:05d}",))
    assert len(translations._found) <= 256
