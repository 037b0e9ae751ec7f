"""What takes the place of ``compatshim.common`` in the end, and where a hand is needed."""
