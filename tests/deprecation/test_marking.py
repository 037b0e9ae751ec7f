"""``@deprecated`` on what users have: each use is recorded at the line that makes it."""

from __future__ import annotations

import abc
import asyncio
import contextlib
import enum
import functools
import inspect
import pickle
import threading
import typing
from concurrent.futures import ThreadPoolExecutor
from functools import wraps

import flask
import pytest

from compatshim.deprecation import (
    Declaration,
    DeprecatedNameWarning,
    deprecated,
    overdue,
    recorder,
)
from compatshim.deprecation.declarations import declare


@deprecated(use="new()", since="2.0", removed_in="3.0")
def old(text="", *, end=""):
    """Say what it is."""
    return f"old {text}{end}"


@deprecated()
async def slowly(text):
    return f"slowly {text}"


class Cart:
    def __init__(self):
        self.amount = 1

    @deprecated(use="Cart.total")
    def sum(self):
        return self.amount

    @staticmethod
    @deprecated()
    def inner(text):
        return text

    @deprecated()
    @staticmethod
    def outer(text):
        return text

    @deprecated()
    @classmethod
    def make(cls):
        return cls()

    @deprecated(use="Cart.amount")
    @property
    def count(self):
        """How many there are."""
        return self.amount

    @count.setter
    def count(self, amount):
        self.amount = amount

    @count.deleter
    def count(self):
        del self.amount


@deprecated(use="Cart")
class Basket(Cart):
    """What was there before."""

    def __init__(self, amount=2):
        super().__init__()
        self.amount = amount


@deprecated()
class Plain:
    pass


@deprecated()
class Pair(tuple):
    __slots__ = ()

    def __new__(cls, first, second):
        return super().__new__(cls, (first, second))


def test_function_is_otherwise_what_it_was(warned):
    assert (old.__name__, old.__doc__) == ("old", "Say what it is.")
    assert list(inspect.signature(old).parameters) == ["text", "end"]
    result, message = warned(lambda: old("a", end="!"))
    assert result == "old a!"
    assert str(message) == "CS501 old: write `new()` (since 2.0, goes in 3.0)"


def test_name_of_a_function_within_another_is_its_own(warned):
    @deprecated()
    def local():
        return 1

    assert warned(lambda: local())[1].name == "local"  # noqa: PLW0108 (the line counts)


def test_coroutine_function_stays_one():
    assert inspect.iscoroutinefunction(slowly)

    async def main():
        return await slowly("x")

    with pytest.warns(DeprecatedNameWarning) as record:
        assert asyncio.run(main()) == "slowly x"
    assert (record[0].filename, record[0].lineno) == (
        __file__,
        main.__code__.co_firstlineno + 1,
    )


@pytest.mark.parametrize(
    "run",
    [
        lambda: asyncio.run(slowly("x")),
        lambda: asyncio.run(in_task(slowly("x"))),
        lambda: asyncio.run(in_task(asyncio.wait_for(slowly("x"), 9))),
    ],
    ids=["run", "create_task", "wait_for"],
)
def test_coroutine_is_told_where_it_is_called(run, warned):
    assert warned(run)[0] == "slowly x"


async def in_task(coroutine):
    return await asyncio.create_task(coroutine)


def test_gathered_coroutines_are_told_where_they_are_called():
    async def main():
        return await asyncio.gather(slowly("x"), slowly("y"))

    with pytest.warns(DeprecatedNameWarning) as record:
        assert asyncio.run(main()) == ["slowly x", "slowly y"]
    assert (record[0].filename, record[0].lineno) == (
        __file__,
        main.__code__.co_firstlineno + 1,
    )


def test_coroutine_function_as_a_method_and_as_a_view(warned):
    class Shop:
        @deprecated()
        async def open(self):
            return self

    shop = Shop()
    assert inspect.iscoroutinefunction(shop.open)
    assert asyncio.iscoroutinefunction(Shop.open)
    assert warned(lambda: asyncio.run(shop.open()))[0] is shop
    assert pickle.loads(pickle.dumps(slowly)) is slowly  # noqa: S301 (our own)
    assert (slowly.__name__, slowly.__module__) == ("slowly", __name__)

    app = flask.Flask("shop")
    app.async_to_sync = lambda function: lambda **args: asyncio.run(function(**args))
    app.add_url_rule("/<text>", view_func=slowly)
    with pytest.warns(DeprecatedNameWarning):
        assert app.test_client().get("/x").text == "slowly x"


@deprecated()
def counting():
    received = []
    for number in range(3):
        try:
            received.append((yield number))
        except KeyError as error:  # noqa: PERF203 (it goes on)
            received.append(error.args)
    return received


@deprecated()
async def counting_slowly(closed):
    try:
        for number in range(3):
            try:
                closed.append((yield number))
            except KeyError as error:  # noqa: PERF203 (it goes on)
                closed.append(error.args)
    finally:
        await asyncio.sleep(0)
        closed.append("closed")


def test_generator_stays_one(warned):
    assert inspect.isgeneratorfunction(counting)
    assert warned(lambda: list(counting()))[0] == [0, 1, 2]

    def delegate():
        results.append((yield from counting()))

    results = []
    generator = delegate()
    with pytest.warns(DeprecatedNameWarning):
        assert next(generator) == 0
    assert generator.send("sent") == 1
    assert generator.throw(KeyError("thrown")) == 2
    assert list(generator) == []
    assert results == [["sent", ("thrown",), None]]


def test_context_manager_of_a_generator():
    @contextlib.contextmanager
    @deprecated()
    def opened():
        yield 1

    def use():
        with opened() as found:
            return found

    with pytest.warns(DeprecatedNameWarning) as record:
        assert use() == 1
    assert (record[0].filename, record[0].lineno) == (
        __file__,
        use.__code__.co_firstlineno + 1,
    )


def test_async_generator_stays_one():
    assert inspect.isasyncgenfunction(counting_slowly)

    async def read_all():
        return [number async for number in counting_slowly(closed)]

    async def talk():
        generator = counting_slowly(closed)
        assert await generator.asend(None) == 0
        assert await generator.asend("sent") == 1
        assert await generator.athrow(KeyError("thrown")) == 2
        await generator.aclose()
        return list(closed)

    async def fail():
        generator = counting_slowly(closed)
        await generator.asend(None)
        with pytest.raises(OSError, match="disk"):
            await generator.athrow(OSError("disk"))
        return [number async for number in generator]

    closed = []
    assert run_noisily(read_all()) == [0, 1, 2]
    assert closed == [None, None, None, "closed"]
    closed = []
    assert run_noisily(talk()) == ["sent", ("thrown",), "closed"]
    closed = []
    assert run_noisily(fail()) == []
    assert closed == ["closed"]


def run_noisily(coroutine):
    with pytest.warns(DeprecatedNameWarning):
        return asyncio.run(coroutine)


def test_where_no_line_calls_it_the_definition_is_told():
    def run_in_thread():
        thread = threading.Thread(target=old)
        thread.start()
        thread.join()

    def run_in_pool():
        with ThreadPoolExecutor(1) as pool:
            pool.submit(old).result()

    place = __file__, inspect.unwrap(old).__code__.co_firstlineno
    for run in (run_in_thread, run_in_pool):
        with pytest.warns(DeprecatedNameWarning) as record:
            run()
        assert [(one.filename, one.lineno) for one in record] == [place]


@pytest.mark.parametrize(
    "call",
    [
        lambda: functools.partial(old)("x"),
        lambda: functools.reduce(lambda _, text: old(text), ["", "x"]),
        lambda: functools.singledispatch(old)("x"),
    ],
)
def test_standard_library_is_not_blamed(call, warned):
    assert warned(call)[0] == "old x"


@pytest.mark.parametrize(
    ("call", "name", "expected"),
    [
        (lambda: Cart().sum(), "Cart.sum", 1),
        (lambda: Cart.inner("x"), "Cart.inner", "x"),
        (lambda: Cart().outer("x"), "Cart.outer", "x"),
        (lambda: type(Cart.make()), "Cart.make", Cart),
        (lambda: Cart().count, "Cart.count", 1),
    ],
    ids=["method", "static inside", "static outside", "class method", "property"],
)
def test_method_and_property(call, name, expected, warned):
    result, message = warned(call)
    assert (result, message.name) == (expected, name)


def test_property_that_is_set_or_deleted(warned):
    class Box:
        amount = 1

        def _set(self, amount):
            self.amount = amount

        def _delete(self):
            del self.amount

        count = deprecated()(property(lambda self: self.amount, _set, _delete, "Doc."))

    box = Box()
    assert Box.count.__doc__ == "Doc."
    warned(lambda: setattr(box, "count", 5))
    assert box.amount == 5
    warned(lambda: delattr(box, "count"))
    assert box.amount == 1


def both_marked():
    class Box:
        @deprecated()
        @property
        def count(self):
            return vars(self).get("amount", 1)

        @deprecated()
        @count.setter
        def count(self, amount):
            self.amount = amount

    return Box


def getter_marked():
    class Box:
        @deprecated()
        @property
        def count(self):
            return vars(self).get("amount", 1)

        @count.setter
        def count(self, amount):
            self.amount = amount

        @count.deleter
        def count(self):
            del self.amount

    return Box


@pytest.mark.parametrize("make", [both_marked, getter_marked])
def test_property_with_a_setter_is_told_once_for_each(make, warned):
    box = make()()
    recorder.clear()
    assert warned(lambda: box.count)[0] == 1
    warned(lambda: setattr(box, "count", 5))
    assert warned(lambda: box.count)[0] == 5
    assert [use.count for use in recorder.uses()] == [1, 1, 1]
    if make is getter_marked:
        warned(lambda: delattr(box, "count"))
        assert vars(box) == {}


class Color(enum.Enum):
    RED = 1


@pytest.mark.parametrize(
    ("target", "hint"),
    [
        (functools.cached_property(lambda self: 1), "write @deprecated below it"),
        (functools.partial(old), "write @deprecated below it"),
        (functools.partial(int), "mark a function, method, property or class"),
        (Color, "see deprecated_names"),
        (Color.RED, "mark a function, method, property or class"),
        (7, "mark a function, method, property or class"),
    ],
    ids=["cached property", "partial", "partial of a type", "enum", "member", "number"],
)
def test_what_cannot_be_marked(target, hint):
    with pytest.raises(TypeError, match=hint) as error:
        deprecated()(target)
    assert repr(target) in str(error.value)


def test_class_statement_is_told_and_not_what_makes_classes(warned):
    class Meta(abc.ABCMeta):
        def __new__(cls, *args, **kwargs):
            return super().__new__(cls, *args, **kwargs)

        def __call__(cls, *args, **kwargs):
            return super().__call__(*args, **kwargs)

    item = typing.TypeVar("item")

    @deprecated()
    class Base(typing.Generic[item], metaclass=Meta):
        pass

    class Own:
        def __init_subclass__(cls, **kwargs):
            super().__init_subclass__(**kwargs)

    assert warned(lambda: type(Base)("Derived", (Own, Base), {}))[0].__mro__[2] is Base
    assert type(warned(lambda: Base())[0]) is Base  # noqa: PLW0108 (the line counts)
    assert type(warned(lambda: Base[int]())[0]) is Base  # noqa: PLW0108 (likewise)


def test_class_is_used_where_it_is_called(warned):
    result, message = warned(lambda: Basket(amount=3))
    assert (result.amount, message.name, message.instead) == (3, "Basket", "Cart")
    assert list(inspect.signature(Basket).parameters) == ["amount"]
    assert isinstance(result, Cart)


def test_class_stays_itself(warned):
    assert (Basket.__name__, Basket.__doc__) == ("Basket", "What was there before.")
    basket = warned(lambda: Basket())[0]  # noqa: PLW0108 (the line counts)
    assert type(pickle.loads(pickle.dumps(basket))) is Basket  # noqa: S301 (our own)
    assert isinstance(Basket, type)


def test_class_is_used_where_it_is_inherited_from():
    with pytest.warns(DeprecatedNameWarning) as record:

        class Special(Basket):
            pass

    (warning,) = record
    line = inspect.currentframe().f_lineno - 4
    assert (warning.filename, warning.lineno) == (__file__, line)

    class MoreSpecial(Special):
        pass

    assert (Special().amount, MoreSpecial(7).amount) == (2, 7)


def test_class_without_an_init_of_its_own(warned):
    assert type(warned(lambda: Plain())[0]) is Plain  # noqa: PLW0108 (the line counts)
    with pytest.warns(DeprecatedNameWarning), pytest.raises(TypeError, match="Plain"):
        Plain(1)


def test_class_with_a_new_of_its_own(warned):
    assert warned(lambda: Pair(1, second=2))[0] == (1, 2)


def test_base_class_beside_it_is_made_too():
    """``super()`` of a class that has no ``__init__`` follows the instance's classes."""

    class Beside:
        def __init__(self, text):
            self.text = text

    class Both(Plain_(), Beside):
        pass

    assert Both("x").text == "x"


def Plain_():
    @deprecated()
    class Base:
        pass

    with pytest.warns(DeprecatedNameWarning):

        class Derived(Base):
            pass

    return Derived


def test_keywords_of_a_class_statement_reach_the_class():
    asked = []

    @deprecated()
    class Own:
        def __init_subclass__(cls, **keywords):
            asked.append(keywords)

    class Other:
        def __init_subclass__(cls, **keywords):
            asked.append(keywords)

    @deprecated()
    class Inherits(Other):
        pass

    asked.clear()
    with pytest.warns(DeprecatedNameWarning):

        class First(Own, key=1):
            pass

    with pytest.warns(DeprecatedNameWarning):

        class Second(Inherits, key=2):
            pass

    assert asked == [{"key": 1}, {"key": 2}]


# Decorators around it.


def passing_on(function):
    @wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapper


def without_wraps(function):
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapper


@pytest.mark.parametrize(
    "decorate",
    [passing_on, without_wraps, lambda function: passing_on(passing_on(function))],
    ids=["wraps", "no wraps", "twice"],
)
def test_decorator_around_it_is_not_blamed(decorate, warned):
    decorated = decorate(old)
    assert warned(lambda: decorated("x"))[0] == "old x"


def test_decorator_that_calls_it_by_itself_is_blamed():
    def checking(function):
        @wraps(function)
        def wrapper(*args, **kwargs):
            old()
            return function(*args, **kwargs)

        return wrapper

    with pytest.warns(DeprecatedNameWarning) as record:
        checking(str)()
    line = checking.__code__.co_firstlineno + 3
    assert (record[0].filename, record[0].lineno) == (__file__, line)


# What is to go.


def test_overdue_are_those_of_the_package_that_are_past_their_version():
    for name, removed_in in (("a", "2.0"), ("b", "2.1"), ("c", None), ("d", "1.9")):
        declare("made_up_package.lib", name, "", None, removed_in)
    declare("made_up_package_2", "e", "", None, "1.0")
    assert [one.name for one in overdue("made_up_package", "2.0.3")] == ["a", "d"]
    assert overdue("made_up_package", "1.8") == []


def test_what_is_marked_is_declared():
    (declared,) = [one for one in overdue(__name__, "3.0") if one.name == "old"]
    assert declared == Declaration(__name__, "old", "new()", "2.0", "3.0")
