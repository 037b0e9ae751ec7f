"""What a function that ``copy_current_context`` copies has of its request.

Everything is of its own, so that nothing that is set in a copy reaches the request:
``environ`` with the request's attributes, the response, the session, the names. The
values themselves are the same objects, but for those of the session.
"""

from __future__ import annotations
