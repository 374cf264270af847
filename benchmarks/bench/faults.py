"""What ends a benchmark with a message instead of a figure."""


class BenchmarkFault(Exception):
    """A figure would be wrong or cannot be had; the text says why, for the person at the terminal."""
