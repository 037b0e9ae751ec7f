"""Whatever is done on whichever side, the three configurations agree."""

from __future__ import annotations

from flask import Flask
from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from compatshim import CompatShim
from compatshim.legacy.configuration import PylonsConfig
from compatshim.objects.config import TWINS
from compatshim.objects.state import state_of

FLASK_KEYS = {flask_key: key for key, flask_key in TWINS.items()}
OWN_KEYS = ["a", "b.c", "Mixed", "A", "B_C", ""]
SIDES = st.sampled_from(["common", "flask", "legacy"])
KEYS = st.sampled_from([*OWN_KEYS, *TWINS, *FLASK_KEYS])
VALUES = st.one_of(st.integers(), st.booleans(), st.none())
MISSING = object()


class Configurations(RuleBasedStateMachine):
    """A PylonsConfig and ``app.config``, joined, beside two dictionaries: the model."""

    @initialize(
        values=st.dictionaries(st.sampled_from([*OWN_KEYS, *TWINS]), VALUES, max_size=5)
    )
    def join(self, values):
        app = Flask("sample")
        self.flask, self.legacy = app.config, PylonsConfig(values)
        CompatShim(app, legacy_config=self.legacy)
        self.common = state_of(app).config
        # Keys of twins are in the model's Flask side only.
        self.flask_model = dict(app.config)
        self.legacy_model = {k: v for k, v in values.items() if k not in TWINS}

    def _place(self, side, key):
        """Return the dictionary of the model, and its key, that ``side`` means."""
        flask_model, legacy_model = self.flask_model, self.legacy_model
        if side == "flask":
            return flask_model, key
        if side == "legacy":
            return (flask_model, TWINS[key]) if key in TWINS else (legacy_model, key)
        key = TWINS.get(key, key)
        sides = [flask_model, legacy_model]
        first, second = sides if key.isupper() else reversed(sides)
        return (second if key in second and key not in first else first), key

    def _is_allowed(self, side, key):
        # Each side has the keys of its own spelling; the common one has both.
        return {
            "common": True,
            "flask": key not in TWINS,
            "legacy": key not in FLASK_KEYS,
        }[side]

    @rule(side=SIDES, key=KEYS, value=VALUES)
    def set(self, side, key, value):
        if self._is_allowed(side, key):
            getattr(self, side)[key] = value
            model, model_key = self._place(side, key)
            model[model_key] = value

    @rule(side=SIDES, values=st.dictionaries(KEYS, VALUES, max_size=4))
    def update(self, side, values):
        values = {k: v for k, v in values.items() if self._is_allowed(side, k)}
        # The two names of one value would be given two values.
        values = {k: v for k, v in values.items() if TWINS.get(k) not in values}
        places = {key: self._place(side, key) for key in values}
        getattr(self, side).update(values)
        for key, (model, model_key) in places.items():
            model[model_key] = values[key]

    @rule(side=SIDES, key=KEYS)
    def delete(self, side, key):
        if not self._is_allowed(side, key):
            return
        taken = getattr(self, side).pop(key, MISSING)
        model, model_key = self._place(side, key)
        assert taken == model.pop(model_key, MISSING)
        if side == "common":
            self.flask_model.pop(model_key, None)
            self.legacy_model.pop(model_key, None)

    @rule(side=SIDES, key=KEYS, value=VALUES)
    def setdefault(self, side, key, value):
        if self._is_allowed(side, key):
            model, model_key = self._place(side, key)
            got = getattr(self, side).setdefault(key, value)
            assert got == model.setdefault(model_key, value)

    @invariant()
    def raw_sides_are_those_of_the_model(self):
        assert self.flask == self.flask_model
        own = {k: v for k, v in self.legacy.items() if k not in TWINS}
        assert own == self.legacy_model
        assert len(self.legacy) == len(list(self.legacy)) == len(self.legacy.copy())

    @invariant()
    def twins_are_one_value(self):
        for key, flask_key in TWINS.items():
            value = self.flask.get(flask_key, MISSING)
            for mapping, name in (
                (self.common, key),
                (self.common, flask_key),
                (self.legacy, key),
            ):
                assert mapping.get(name, MISSING) is value
                assert (name in mapping) is (value is not MISSING)

    @invariant()
    def common_configuration_has_each_value_once(self):
        expected = {}
        for key in {*self.flask_model, *self.legacy_model}:
            model, model_key = self._place("common", key)
            expected[key] = model[model_key]
        assert self.common.copy() == dict(self.common) == expected
        assert sorted(self.common) == sorted(expected)
        assert len(self.common) == len(expected)


Configurations.TestCase.settings = settings(max_examples=60, stateful_step_count=25)
TestConfigurations = Configurations.TestCase
