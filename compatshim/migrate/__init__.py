"""The tools of a migration: find what is legacy, rewrite it, and in the end leave.

They read source, and never import or run it; serving requests never imports them.

Where to look: ``command``, ``rewrite_command`` and ``eject_command`` are what a user calls.

- Reading: ``trees`` finds files, ``kinds`` says what they are, ``sources`` and ``syntax``
  read one. ``extracts``, ``embedded``, ``templates/`` and ``other_files`` are about Python
  inside of something else, and about what is no Python.
- Knowing: ``catalogue`` is what is legacy, ``settings`` what a project adds. ``examined``
  is one source as the ``rules/`` see it, by ``scopes`` and ``occurrences``.
- Auditing: ``audit`` (in ``workers``) makes ``findings``; ``certainty`` asks the rewriter
  about them. ``flow`` follows names through other modules, ``holding`` keeps a baseline,
  ``reports/`` tell.
- Rewriting: ``rewrite`` goes through files, ``rewriting`` through one; ``plans`` decides,
  ``objections``, ``new_names``, ``readers`` and ``consumers`` say what is in the way;
  ``merging``, ``imports_block`` and ``removals`` make ``edits``, which ``verifying``
  checks. ``opt_in/`` has what is to be asked for.
- Leaving: ``eject`` and ``ejecting/``.
"""
