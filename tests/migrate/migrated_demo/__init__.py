"""What the demo's team writes in the place of its controllers: all is served by Flask.

``test_eject_demo_babel.py`` makes the whole demo of it, with the parts that stay.
"""
