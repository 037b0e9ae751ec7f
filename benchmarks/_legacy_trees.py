"""Trees of made-up legacy source, shaped as 28 public code bases are.

The names and their shares, how many are aliased, and where they stand, are those that
were counted there (3,328 imported names). So are the sizes of files, roughly, and how many
are such Python 2 as LibCST cannot read. A tree is the same in each run.
"""

from __future__ import annotations

import random
from itertools import islice
from pathlib import PurePosixPath
from statistics import NormalDist
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["make_tree", "texts"]


class Legacy(NamedTuple):
    """A legacy name, its share in percent, and the alias that it has at times."""

    module: str
    name: str
    share: float
    alias: str | None = None
    aliased: float = 0.0


_SHARES = (
    Legacy("pylons", "tmpl_context", 12, "c", 0.97),
    Legacy("pylons", "config", 12),
    Legacy("pylons", "request", 10),
    Legacy("pylons", "app_globals", 6, "g", 0.5),
    Legacy("pylons.i18n", "_", 5),
    Legacy("pylons", "response", 5),
    Legacy("pylons", "url", 5, "url_for", 0.1),
    Legacy("pylons.controllers.util", "abort", 4),
    Legacy("pylons.controllers.util", "redirect", 4, "redirect_to", 0.1),
    Legacy("pylons", "session", 4),
    Legacy("pylons", "", 3),
    Legacy("pylons.i18n.translation", "_", 2),
    Legacy("pylons.decorators", "validate", 2),
    Legacy("webob.exc", "HTTPNotFound", 2),
    Legacy("pylons.test", "", 1),
    Legacy("routes", "url_for", 1),
    Legacy("pylons.i18n.translation", "lazy_ugettext", 1, "_", 0.9),
    Legacy("pylons.decorators.rest", "dispatch_on", 1),
    # The rest of the 53 that make 95 %, and what is rarer still, in one share each.
    Legacy("pylons.controllers", "WSGIController", 3),
    Legacy("pylons.templating", "render_mako", 3, "render", 0.5),
    Legacy("webhelpers.html", "literal", 3),
    Legacy("webob.exc", "HTTPFound", 3),
    Legacy("paste.deploy.converters", "asbool", 3),
    Legacy("beaker.cache", "cache_region", 2),
    Legacy("webhelpers.paginate", "", 2, "paginate", 0.3),
    Legacy("routes", "Mapper", 1),
)

IN_FUNCTION = 0.05
IN_TRY = 0.005
STATEMENTS = (1,) * 13 + (2,) * 4 + (3,) * 2 + (5,)  # a third has two or more

_BLOCK = 100
_FOLDER = 20
_WITH_IMPORTS = 20
_WITH_WORD = 4  # such as "routes" in a comment, and nothing legacy
_PYTHON_2 = range(2, _BLOCK, 11)  # 9 of them
_SIZES = NormalDist(7.9, 1.2)  # of the logarithm of bytes: a median of 2,700


class Shape(NamedTuple):
    """What one file of a hundred is like."""

    size: int
    statements: int
    has_word: bool
    is_python_2: bool


def make_tree(folder: Path, files: int) -> None:
    """Write so many files into ``folder`` and below."""
    made = set()
    for path, text in islice(texts(), files):
        target = folder / path
        if target.parent not in made:
            target.parent.mkdir(parents=True, exist_ok=True)
            made.add(target.parent)
        target.write_bytes(text.encode())


def texts() -> Iterator[tuple[PurePosixPath, str]]:
    """Yield the paths and texts of files without end; each hundred has the same shapes."""
    dice = random.Random(1)  # noqa: S311 (nothing is kept secret by it)
    shapes = _shapes(dice)
    number = 0
    while True:
        dice.shuffle(shapes)
        for shape in shapes:
            yield _path(number), _text(shape, dice)
            number += 1


def _path(number: int) -> PurePosixPath:
    folder = number // _FOLDER
    name = f"module_{number}.py" if number % _FOLDER else "__init__.py"
    return PurePosixPath(f"area_{folder // 10}", f"package_{folder}", name)


def _shapes(dice: random.Random) -> list[Shape]:
    sizes = [
        round(2.718 ** _SIZES.inv_cdf((rank + 0.5) / _BLOCK)) for rank in range(_BLOCK)
    ]
    dice.shuffle(sizes)
    shapes = []
    for index, size in enumerate(sizes):
        statements = STATEMENTS[index] if index < _WITH_IMPORTS else 0
        has_word = 0 <= index - _WITH_IMPORTS < _WITH_WORD
        is_python_2 = index in _PYTHON_2
        shapes.append(Shape(size, statements, has_word, is_python_2))
    return shapes


def _text(shape: Shape, dice: random.Random) -> str:
    statements = [_statement(dice) for _ in range(shape.statements)]
    parts = ['"""What belongs to one page."""\n\nimport os\nimport sys\n']
    parts += [text for text in statements if not text.startswith(" ")]
    parts.append("\n\n")
    if shape.has_word:
        parts.append("# How routes are made is told elsewhere.\n")
    parts += [f"def late():\n{text}\n\n" for text in statements if text[0] == " "]
    if shape.is_python_2:
        parts.append('def tell(this):\n    print "told", this\n\n\n')
    left = shape.size - sum(map(len, parts))
    while left > 0:
        parts.append(_definition(dice, uses_legacy=bool(statements)))
        left -= len(parts[-1])
    return "".join(parts)


def _statement(dice: random.Random) -> str:
    legacy = _draw(dice)
    if not legacy.name:
        text = f"import {legacy.module}"
        if dice.random() < legacy.aliased:
            text += f" as {legacy.alias}"
    else:
        names = {legacy.name: _written(legacy, dice)}
        for _ in range(dice.choice((0, 0, 1, 2, 4))):
            further = _draw(dice)
            if further.module == legacy.module and further.name:
                names[further.name] = _written(further, dice)
        text = f"from {legacy.module} import {', '.join(names.values())}"
    if dice.random() < IN_TRY:
        return f"try:\n    {text}\nexcept ImportError:\n    pass\n"
    return f"    {text}\n" if dice.random() < IN_FUNCTION else f"{text}\n"


def _draw(dice: random.Random) -> Legacy:
    return dice.choices(_SHARES, [legacy.share for legacy in _SHARES])[0]


def _written(legacy: Legacy, dice: random.Random) -> str:
    is_aliased = dice.random() < legacy.aliased
    return f"{legacy.name} as {legacy.alias}" if is_aliased else legacy.name


_NOUNS = "page item order basket user group record column entry label".split()  # noqa: SIM905 (words)
_VERBS = "load store find make check count merge sort send drop".split()  # noqa: SIM905 (words)

_FUNCTION = '''\
def {verb}_{noun}_{number}(self, {noun}, limit={number}, **options):
    """{Verb} the {noun} that is asked for, at most ``limit`` times."""
    found = []
    for index, one in enumerate({noun}.get("{noun}s", [])):
        if one is None or index > limit:  # the rest is left for later
            continue
        elif one.{noun}_id == {number} and not options.get("{verb}"):
            found.append(({noun}, one.name.strip().lower(), index * 2 + {number}))
    return dict((key, value) for key, value, _index in found if key != "{verb}")


'''

_CLASS = '''\
class {Noun}Controller{number}(BaseController):
    """Pages of one {noun} after the other."""

    template = "/{noun}/{verb}.html"
    columns = {{"id": {number}, "name": u"{Noun}", "title": ["{verb}", "{noun}"]}}

    def {verb}(self, id=None):
        # Those without an id are new ones.
        try:
            {noun} = self.find(id) or {Noun}(name="{noun}_%d" % {number})
        except (KeyError, ValueError):
            log.exception("no {noun} %r for %s", id, os.path.join("{noun}", "{verb}"))
            raise
        {uses}
        return self.render(self.template, {noun}={noun}, columns=self.columns)


'''

_USES = (
    'c.{noun} = request.params.get("{verb}", {number})',
    'session["{noun}"] = config["{verb}.{noun}"]',
    'redirect(url(controller="{noun}", action="{verb}", id=c.{noun}_id))',
    'h.flash(_("The {noun} was not there: %s") % request.path)',
    "response.status_int = {number} + 200",
    "pylons.request.environ[{number}] = pylons.config.get({noun})",
)


def _definition(dice: random.Random, *, uses_legacy: bool) -> str:
    noun, verb = dice.choice(_NOUNS), dice.choice(_VERBS)
    values = {
        "noun": noun,
        "Noun": noun.title(),
        "verb": verb,
        "Verb": verb.title(),
        "number": dice.randrange(10_000),
    }
    uses = dice.choice(_USES) if uses_legacy else "{noun}.count += {number}"
    text = dice.choice((_FUNCTION, _CLASS))
    return text.format(**values, uses=uses.format(**values))
