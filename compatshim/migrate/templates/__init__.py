"""What is Python in templates: in Mako's and Genshi's blocks, in Jinja2's expressions.

Each language has a module that tells its parts, as the engine itself would; no engine is
needed for that. Of Mako's and Genshi's, one program is made, which the rules read.
"""
