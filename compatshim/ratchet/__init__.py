"""Hold the number of deprecated uses: what a run found, against what is known.

A *finding* is one place that uses something legacy; the *baseline* is the file that
says how many of them a project has. None of this imports a web framework.
"""
