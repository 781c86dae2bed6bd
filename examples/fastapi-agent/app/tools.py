"""What the agent can do besides talking."""

import re


def words_in(text: str):
    """The words of a text, each with the space behind it, so that joining them gives the text back."""
    return re.findall(r"\S+\s*", text)


def add_numbers(numbers) -> str:
    return f"{sum(numbers):g}"


def count_words(text: str) -> str:
    return str(len(words_in(text)))


TOOLS = {"add_numbers": add_numbers, "count_words": count_words}
