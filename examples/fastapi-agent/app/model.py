"""A model without a network: it follows a few rules, so the same conversation always gets the same answer.

Put a chat model in place of `answer` and `choose_tool`, and nothing else changes.
"""

import re
from typing import Dict, Optional

from .tools import words_in

FACT = re.compile(r"\bmy ([\w ]{1,40}?) is ([^.!?,;\n]{1,80}?)(?= and my |[.!?,;\n]|$)", re.IGNORECASE)
QUESTION = re.compile(r"\bwhat(?:'s| is| was) my ([\w ]{1,40})", re.IGNORECASE)


def facts_in(text: str) -> Dict[str, str]:
    """`My name is Ada and my city is Bern` → name: Ada, city: Bern."""
    return {name.lower(): value for name, value in FACT.findall(text)}


def choose_tool(text: str) -> Optional[dict]:
    counted = re.search(r"\bcount (?:the )?words (?:in|of):? (.+)", text, re.IGNORECASE | re.DOTALL)
    if counted:
        return {"name": "count_words", "argument": counted.group(1)}
    numbers = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", text)]
    if len(numbers) > 1 and re.search(r"\b(?:add|sum|plus)\b|\d\s*\+", text, re.IGNORECASE):
        return {"name": "add_numbers", "argument": numbers}
    return None


def answer(state) -> str:
    call, facts, text = state["call"], state["facts"], state["message"]
    if call:
        return {"add_numbers": "The sum is {}.", "count_words": "That is {} words."}[call["name"]].format(state["result"])
    question = QUESTION.search(text)
    if question:
        asked = question.group(1).strip().lower()
        return f"Your {asked} is {facts[asked]}." if asked in facts else f"You have not told me your {asked}."
    memory = ", ".join(f"your {name} is {value}" for name, value in facts.items()) or "nothing about you yet"
    if re.search(r"\bwhat do you (?:know|remember)\b", text, re.IGNORECASE):
        return f"I remember {memory}."
    quote = f"{text[:200]}…" if len(text) > 200 else text
    words = len(words_in(text))
    return (
        f'{state["agent_name"]}, turn {state["turn"]}. You said "{quote}" ({words} {"word" if words == 1 else "words"}). '
        f'I remember {memory}. Tell me "my name is Ada", or ask me to add 2 and 3.'
    )
