"""A half-migrated application: a catalogue of the Python packages installed here.

``compatshim demo`` serves it. Read :mod:`compatshim.demo.application` first: it joins
the legacy side (``controllers/``) and the Flask side (``views/``). What both share
(``logic.py``, ``helpers.py``, ``templates/``) imports from ``compatshim.common`` only.
"""

from __future__ import annotations
