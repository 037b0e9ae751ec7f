"""Every use is counted; each call site is announced once."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import textwrap
import threading
import warnings
import weakref

import pytest
from hypothesis import given, settings, strategies as st

from compatshim.deprecation import (
    CallSite,
    CompatShimDeprecationWarning,
    DeprecatedNameWarning,
    LegacyControllerWarning,
    LegacyImportWarning,
    LimitReachedWarning,
    Recorder,
    Use,
    recorder as process_recorder,
)
from compatshim.deprecation.uses import CALLERS_KEPT


@pytest.fixture
def recorder():
    return Recorder()


@pytest.fixture
def shown():
    """The warnings that the test causes, each as often as it is given to Python."""
    with warnings.catch_warnings(record=True) as record:
        warnings.simplefilter("always")
        yield record


def sites(count, code="CS501"):
    """Return a module with functions that record, each at a line of its own.

    ``use(recorder)`` calls all of them.
    """
    lines = [
        f"def use_{n}(recorder): recorder.record({code!r}, 'name_{n}', 'new')"
        for n in range(count)
    ]
    lines.append(f"functions = [{', '.join(f'use_{n}' for n in range(count))}]")
    names = {"__name__": "application"}
    exec(compile("\n".join(lines), "/app/lib.py", "exec"), names)
    return names["functions"]


# Counting.


def test_each_use_is_counted_and_the_place_is_announced_once(recorder, shown):
    (use,) = sites(1)
    for _ in range(3):
        use(recorder)
    (found,) = recorder.uses()
    assert found.site == CallSite("CS501", "name_0", "/app/lib.py", 1)
    assert (found.count, found.module, found.instead) == (3, "application", "new")
    (warning,) = shown
    assert (warning.filename, warning.lineno) == ("/app/lib.py", 1)
    assert warning.category is DeprecatedNameWarning
    assert warning.message.name == "name_0"


def test_two_names_on_one_line_are_two_places(recorder, shown):
    recorder.record("CS101", "pylons.c"), recorder.record("CS101", "pylons.url")
    assert [use.site.name for use in recorder.uses()] == ["pylons.c", "pylons.url"]
    assert len({use.site.line for use in recorder.uses()}) == 1
    assert len(shown) == 2


def test_two_instructions_of_one_line_are_one_place(recorder, shown):
    recorder.record("CS101", "pylons.c"), recorder.record("CS101", "pylons.c")
    assert [use.count for use in recorder.uses()] == [2]
    assert len(shown) == 1


@pytest.mark.parametrize("action", ["ignore", "always", "default", "once", "module"])
def test_counting_does_not_depend_on_filters(recorder, action):
    uses = sites(3)
    with warnings.catch_warnings(record=True):
        warnings.simplefilter(action)
        for use in uses * 4:
            use(recorder)
    assert [use.count for use in recorder.uses()] == [4, 4, 4]


def test_a_snapshot_does_not_change(recorder, shown):
    (use,) = sites(1)
    use(recorder)
    snapshot = recorder.uses()
    snapshot[0].callers.append("somebody")
    snapshot[0].count = 70
    use(recorder)
    assert recorder.uses()[0].count == 2
    assert "somebody" not in recorder.uses()[0].callers


@pytest.mark.usefixtures("often_switched_threads")
def test_threads_do_not_multiply_a_place_and_lose_no_count(recorder, shown):
    (use,) = sites(1)
    heard = []
    recorder.add_listener(heard.append)
    begin = threading.Barrier(8)

    def work():
        begin.wait()
        for _ in range(2_000):
            use(recorder)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found.count for found in recorder.uses()] == [16_000]
    assert len(shown) == len(heard) == 1


def test_versions_are_those_of_the_code_unless_given(recorder, shown):
    recorder.record("CS101", "pylons.c")
    recorder.record("CS501", "old", since="7.1", removed_in="8.0")
    assert [(use.since, use.removed_in) for use in recorder.uses()] == [
        ("0.1", "1.0"),
        ("7.1", "8.0"),
    ]
    assert "(since 7.1, goes in 8.0)" in str(shown[1].message)


# Who made it run.


def test_callers_are_those_of_the_function_that_the_line_is_in(recorder, shown):
    (use,) = sites(1)

    def first():
        use(recorder)

    def second():
        use(recorder)

    for _ in range(4):
        first()
    second()
    here = first.__code__.co_firstlineno + 1, second.__code__.co_firstlineno + 1
    assert recorder.uses()[0].callers == [
        f"{__file__}:{here[0]} in first",
        f"{__file__}:{here[1]} in second",
    ]


def test_the_test_that_runs_is_the_caller_where_it_is_known(recorder, shown):
    (use,) = sites(1)
    for name in ("test_a", "test_a", "test_b"):
        recorder.context = name
        use(recorder)
    assert recorder.uses()[0].callers == ["test_a", "test_b"]


def test_callers_are_few(recorder, shown):
    (use,) = sites(1)
    for number in range(100):
        recorder.context = f"test_{number}"
        use(recorder)
    assert recorder.uses()[0].callers == [f"test_{n}" for n in range(CALLERS_KEPT)]


# Filters.


def test_it_is_announced_anew_where_warnings_are_caught(recorder):
    (use,) = sites(1)
    for _ in range(2):
        with pytest.warns(DeprecatedNameWarning) as record:
            [use(recorder) for _ in range(2)]
        assert len(record) == 1


def test_it_is_not_announced_again_after_warnings_were_caught(recorder, shown):
    (use,) = sites(1)
    use(recorder)
    for _ in range(40):
        with pytest.warns(DeprecatedNameWarning):
            use(recorder)
        use(recorder)
    assert len(shown) == 1


def test_error_is_raised_each_time_and_everything_is_counted(recorder):
    (use,) = sites(1)
    errors = []
    with warnings.catch_warnings():
        warnings.simplefilter("error", CompatShimDeprecationWarning)
        for _ in range(3):
            with pytest.raises(DeprecatedNameWarning) as error:
                use(recorder)
            errors.append(error.value)
    assert len(set(map(id, errors))) == 3
    assert recorder.uses()[0].count == 3
    with pytest.warns(DeprecatedNameWarning):
        use(recorder)


def test_filter_that_is_added_later_holds(recorder, shown):
    (use,) = sites(1)
    use(recorder)
    warnings.filterwarnings("error", "CS501 name_0")
    with pytest.raises(DeprecatedNameWarning):
        use(recorder)
    warnings.filterwarnings("ignore", "CS501 name_0")
    use(recorder)
    assert len(shown) == 1


def test_filter_by_code(recorder, shown):
    warnings.filterwarnings("ignore", "CS501 ")
    recorder.record("CS501", "old")
    recorder.record("CS101", "pylons.c")
    assert [warning.category for warning in shown] == [LegacyImportWarning]


@pytest.mark.parametrize(
    ("option", "expected"),
    [("error:CS501:DeprecationWarning", 1), ("error:CS101:DeprecationWarning", 0)],
)
def test_option_of_python_by_code(option, expected):
    script = (
        "from compatshim.deprecation import recorder; recorder.record('CS501', 'a')"
    )
    command = [sys.executable, "-W", "ignore", "-W", option, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == expected
    assert ("DeprecatedNameWarning: CS501 a" in done.stderr) is bool(expected)


@pytest.fixture
def seen():
    """What the process shows; nothing is recorded."""
    texts = []
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        # As outside of a test: pytest records all warnings.
        vars(warnings)["_showwarnmsg_impl"], former = (
            warnings._showwarning_orig,
            vars(warnings)["_showwarnmsg_impl"],
        )
        warnings.showwarning = lambda message, *_, **__: texts.append(str(message))
        try:
            yield texts
        finally:
            vars(warnings)["_showwarnmsg_impl"] = former


def test_unrelated_blocks_and_filters_do_not_multiply_a_place(recorder, seen):
    (use,) = sites(1)
    for number in range(50):
        with warnings.catch_warnings():
            use(recorder)
            warnings.filterwarnings("ignore", f"another {number}")
            use(recorder)
        warnings.filterwarnings("ignore", f"one more {number}")
        use(recorder)
    assert len(seen) == 1
    assert recorder.uses()[0].count == 150


def test_limit_is_one_for_all_unrelated_blocks(recorder, seen):
    recorder.limit = 3
    for use in sites(5) * 4:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "another")
            use(recorder)
    assert [text.split()[0] for text in seen] == ["CS501"] * 3 + ["CS001"]


def test_unrelated_block_in_another_thread_does_not_multiply_a_place(recorder, seen):
    (use,) = sites(1)
    entered, used = threading.Barrier(2), threading.Barrier(2)

    def enter_and_leave():
        for _ in range(20):
            with warnings.catch_warnings():
                entered.wait()
                used.wait()

    thread = threading.Thread(target=enter_and_leave)
    thread.start()
    for _ in range(20):
        entered.wait()
        use(recorder)
        used.wait()
        use(recorder)
    thread.join()
    assert len(seen) == 1


def test_recording_is_told_anew_and_its_end_tells_nobody(recorder, seen):
    (use,) = sites(1)
    use(recorder)
    for _ in range(3):
        with warnings.catch_warnings(record=True) as recorded:
            warnings.simplefilter("default")
            with warnings.catch_warnings(record=True) as inner:
                use(recorder)
            [use(recorder) for _ in range(3)]
        assert (len(recorded), len(inner)) == (1, 1)
        use(recorder)
    assert len(seen) == 1


def test_place_that_was_ignored_is_told_where_it_no_longer_is(recorder, seen):
    (use,) = sites(1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        use(recorder)
    use(recorder)
    assert len(seen) == 1


def test_recording_that_begins_after_its_filters_is_told(recorder, seen):
    """As another thread sees ``catch_warnings``, which does one after the other."""
    (use,) = sites(1)
    use(recorder)
    recorded = []
    warnings.showwarning = warnings._showwarning_orig
    vars(warnings)["_showwarnmsg_impl"] = recorded.append
    use(recorder)
    assert len(recorded) == 1


def test_recording_at_the_address_of_one_that_is_gone_is_told(recorder, seen):
    first, second = sites(2)

    def record(receiver):
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            warnings.showwarning = warnings._showwarning_orig
            vars(warnings)["_showwarnmsg_impl"] = receiver
            first(recorder)
            second(recorder)

    recorded = []
    receiver = recorded.append
    record(receiver)
    address = id(receiver)
    del receiver
    others = []
    while id(receiver := recorded.append) != address and len(others) < 100_000:
        others.append(receiver)  # which is then at an address of its own
    record(receiver)
    assert len(recorded) == 4


def test_filters_in_another_order_are_other_filters(recorder, shown):
    (use,) = sites(1)
    warnings.simplefilter("error", DeprecatedNameWarning)
    warnings.simplefilter("ignore", DeprecatedNameWarning)
    use(recorder)
    warnings.simplefilter("error", DeprecatedNameWarning)
    with pytest.raises(DeprecatedNameWarning):
        use(recorder)


@pytest.mark.parametrize(("module", "count"), [("application", 0), ("applicati", 1)])
def test_filter_that_names_a_module_as_pythons_own_do(recorder, shown, module, count):
    (use,) = sites(1)
    warnings.filters.insert(0, ("ignore", None, DeprecationWarning, module, 0))
    use(recorder)
    assert len(shown) == count


def test_recording_is_not_kept(recorder):
    class Log(list):
        pass

    (use,) = sites(1)
    block = warnings.catch_warnings(record=True)
    with block as recorded:
        warnings.simplefilter("always")
        use(recorder)
        recorded[0].source = log = Log()
        kept = weakref.ref(log)
    del block, recorded, log
    assert kept() is None


# Limit.


def test_after_the_limit_one_line_says_that_the_rest_is_counted(recorder, shown):
    recorder.limit = 2
    for use in sites(5) * 2:
        use(recorder)
    categories = [warning.category for warning in shown]
    assert categories == [DeprecatedNameWarning] * 2 + [LimitReachedWarning]
    assert shown[2].message.limit == 2
    assert [use.count for use in recorder.uses()] == [2] * 5


def test_without_a_limit_all_are_announced(recorder, shown):
    recorder.limit = None
    for use in sites(200):
        use(recorder)
    assert len(shown) == 200


def test_errors_are_not_limited(recorder):
    recorder.limit = 1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for use in sites(4):
            with pytest.raises(DeprecatedNameWarning):
                use(recorder)


def test_error_is_raised_after_the_limit_too(recorder, shown):
    recorder.limit = 2
    warnings.filterwarnings("error", "CS501 name_5")
    *others, last = sites(6)
    for use in others:
        use(recorder)
    for _ in range(2):
        with pytest.raises(DeprecatedNameWarning, match="name_5"):
            last(recorder)
    assert len(shown) == 3


def test_what_is_ignored_does_not_count_against_the_limit(recorder, shown):
    recorder.limit = 2
    warnings.filterwarnings("ignore", "CS101")
    for use in sites(10, "CS101") + sites(2):
        use(recorder)
    assert [warning.message.name for warning in shown] == ["name_0", "name_1"]


@pytest.mark.parametrize(
    ("module", "line", "is_error"),
    [
        ("application", 0, True),
        ("application", 1, True),
        ("application", 2, False),
        ("other", 0, False),
    ],
)
def test_filter_by_module_and_line(recorder, shown, module, line, is_error):
    recorder.limit = 0
    warnings.filterwarnings("error", module=module, lineno=line)
    (use,) = sites(1)
    if is_error:
        with pytest.raises(DeprecatedNameWarning):
            use(recorder)
    else:
        use(recorder)
        assert [warning.category for warning in shown] == [LimitReachedWarning]


def test_limit_below_what_was_shown_says_so(recorder, shown):
    uses = sites(10)
    for use in uses[:8]:
        use(recorder)
    recorder.limit = 2
    for use in uses:
        use(recorder)
    assert [warning.category for warning in shown[8:]] == [LimitReachedWarning]
    assert shown[8].message.limit == 8
    recorder.limit = 9
    for use in sites(13)[10:]:
        use(recorder)
    categories = [warning.category for warning in shown[9:]]
    assert categories == [DeprecatedNameWarning, LimitReachedWarning]


def test_a_limit_is_there_by_default():
    assert Recorder().limit == process_recorder.limit == 100


# Pending.


def test_pending_is_counted_and_not_announced(recorder, shown):
    for use in sites(1, "CS401") * 2:
        use(recorder)
    assert recorder.uses()[0].count == 2
    assert shown == []
    recorder.show_pending = True
    for use in sites(1, "CS401") * 2:
        use(recorder)
    assert [warning.category for warning in shown] == [LegacyControllerWarning]


# Listeners.


def test_listener_hears_of_each_place_once_without_limit(recorder, shown):
    recorder.limit = 1
    heard = []
    recorder.add_listener(heard.append)
    uses = sites(3)
    for use in uses * 2:
        use(recorder)
    assert [use.site.name for use in heard] == ["name_0", "name_1", "name_2"]
    recorder.remove_listener(heard.append)
    recorder.remove_listener(print)  # was never added
    sites(1)[0](recorder)
    assert len(heard) == 3


def test_listener_hears_of_errors_too(recorder):
    heard = []
    recorder.add_listener(heard.append)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for use in sites(1) * 2:
            with pytest.raises(DeprecatedNameWarning):
                use(recorder)
    assert len(heard) == 1


def test_listener_that_fails_harms_nobody(recorder, shown, caplog):
    heard = []

    def fail(use):
        raise OSError("no network")

    recorder.add_listener(fail)
    recorder.add_listener(heard.append)
    recorder.record("CS501", "old")
    assert len(heard) == len(shown) == 1
    (logged,) = caplog.records
    assert logged.name == "compatshim.deprecation"
    assert "old" in logged.getMessage()
    assert isinstance(logged.exc_info[1], OSError)


def test_listener_may_itself_use_what_is_deprecated(recorder, shown):
    recorder.add_listener(lambda _: recorder.record("CS501", "inner"))
    recorder.record("CS501", "outer")
    assert {use.site.name for use in recorder.uses()} == {"outer", "inner"}


def test_listener_hears_of_a_first_use_that_another_process_had_before(recorder, shown):
    (use,) = sites(1)
    other, heard = Recorder(), []
    for _ in range(50):
        use(other)
    recorder.merge(other.to_dicts())
    recorder.add_listener(heard.append)
    assert heard == []
    use(recorder), use(recorder)
    assert [found.count for found in heard] == [52]


def test_signal_is_sent_for_each_first_use(shown):
    from compatshim.deprecation import first_occurrence

    heard = []

    def receiver(sender, use):
        heard.append((sender, use.site))

    with first_occurrence.connected_to(receiver):
        for _ in range(2):
            use = process_recorder.record("CS501", "a name of this test only")
    assert heard == [(process_recorder, use.site)]


@pytest.mark.parametrize("logger", ["py.warnings"])
def test_logging_captures_the_warnings(recorder, caplog, logger):
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        logging.captureWarnings(True)
        try:
            for use in sites(1) * 3:
                use(recorder)
        finally:
            logging.captureWarnings(False)
    (logged,) = [one for one in caplog.records if one.name == logger]
    text = logged.getMessage()
    assert text.startswith("/app/lib.py:1: DeprecatedNameWarning: CS501 name_0: write")


# Other processes.


def test_what_another_process_has_counted_is_added(recorder, shown):
    uses = sites(2)
    for use in uses:
        use(recorder)
    sent = json.loads(json.dumps(recorder.to_dicts()))
    other = Recorder()
    uses[0](other)
    before = len(shown)
    other.merge(sent)
    other.merge(sent)
    assert [use.count for use in other.uses()] == [3, 2]
    assert len(shown) == before
    assert other.uses()[1].site == CallSite("CS501", "name_1", "/app/lib.py", 2)


names = st.text(max_size=5)
kept_uses = st.builds(
    Use,
    st.builds(
        CallSite, st.sampled_from(["CS101", "CS501"]), names, names, st.integers(0, 9)
    ),
    names,
    names,
    st.integers(1, 9),
    st.lists(names, max_size=CALLERS_KEPT, unique=True),
)


@settings(deadline=None)
@given(st.lists(kept_uses), st.lists(kept_uses))
def test_merging_adds_counts_and_keeps_few_callers(first, second):
    recorder = Recorder()
    for uses in (first, second):
        recorder.merge(json.loads(json.dumps([use.to_dict() for use in uses])))
    merged = {use.site: use for use in recorder.uses()}
    assert merged.keys() == {use.site for use in first + second}
    assert sum(use.count for use in merged.values()) == sum(
        use.count for use in first + second
    )
    for use in merged.values():
        assert len(use.callers) <= CALLERS_KEPT
        assert len(set(use.callers)) == len(use.callers)


def test_use_survives_being_sent():
    site = CallSite("CS101", "pylons.c", "/app/a.py", 3)
    use = Use(site, "a", "from x import c", 4, ["test_a"], "0.1", "1.0")
    sent = json.loads(json.dumps(use.to_dict()))
    assert vars(Use.from_dict(sent)) == vars(use)
    assert str(use) == (
        "/app/a.py:3: CS101 pylons.c: write `from x import c` (since 0.1, goes in 1.0)"
    )
    assert sent["filename"] == "/app/a.py"


def test_cleared_recorder_begins_anew(recorder, shown):
    heard = []
    recorder.add_listener(heard.append)
    (use,) = sites(1)
    kept = use(recorder), use(recorder)
    del kept
    recorder.clear()
    assert recorder.uses() == []
    use(recorder)
    assert [(one.count, len(one.callers)) for one in recorder.uses()] == [(1, 1)]
    assert len(shown) == len(heard) == 2


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has no fork")
def test_child_of_a_process_whose_threads_record_can_record(tmp_path):
    script = """
        import os, sys, threading, warnings
        from compatshim.deprecation import recorder

        warnings.simplefilter("ignore")
        held, over = threading.Event(), threading.Event()

        def hold():
            with recorder._lock:
                held.set()
                over.wait()

        thread = threading.Thread(target=hold)
        thread.start()
        held.wait()
        child = os.fork()
        if not child:
            recorder.record("CS501", "old")
            os._exit(len(recorder.uses()))
        over.set()
        thread.join()
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    """
    command = [sys.executable, "-W", "ignore", "-c", textwrap.dedent(script)]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "1\n"


def test_code_that_is_made_again_and_again_does_not_fill_memory(
    recorder, shown, monkeypatch
):
    module = sys.modules["compatshim.deprecation.recorder"]  # the name is the object
    monkeypatch.setattr(module, "INSTRUCTIONS_KEPT", 10)
    for _ in range(50):
        sites(1)[0](recorder)
    assert len(recorder._seen) <= 10
    assert [use.count for use in recorder.uses()] == [50]
    assert len(shown) == 1


def test_names_that_visitors_choose_do_not_fill_memory(recorder, shown, monkeypatch):
    module = sys.modules["compatshim.deprecation.recorder"]
    monkeypatch.setattr(module, "SITES_KEPT", 10)
    other = Recorder()
    for one in (recorder, other):
        for number in range(50):
            one.record("CS302", f"c.{number}")
    one.record("CS501", "old")
    recorder.merge(other.to_dicts())
    found = recorder.uses()
    assert len(found) == 12
    counts = {
        use.site.code: use.count for use in found if use.site.name == "and others"
    }
    assert counts == {"CS302": 80, "CS501": 1}


def test_clearing_forgets_all(recorder, shown):
    found = recorder.record("CS501", "old")
    recorder.clear()
    recorder.repeat(found, sys._getframe())  # somebody still knows the place
    assert [one.count for one in recorder.uses()] == [1]
    recorder.clear()
    assert recorder.uses() == []
    assert not recorder._uses
    assert not recorder._seen
    assert not recorder._told


def test_file_is_the_same_from_every_directory(recorder, shown, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for filename in ("templates/a.html", "/app/b.py", "<string>"):
        source = "record('CS501', 'old')"
        names = {"__name__": "application", "record": recorder.record}
        exec(compile(source, filename, "exec"), names)
    assert [use.site.filename for use in recorder.uses()] == [
        str(tmp_path / "templates" / "a.html"),
        "/app/b.py",
        "<string>",
    ]
