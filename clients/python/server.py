"""Where the server is, and what the tests share."""

import os

URL = os.environ["AUTARK_URL"]
MODEL = os.environ["AUTARK_MODEL"]
KEY = os.environ.get("AUTARK_KEY", "none")

QUESTION = "What is the capital of France? Answer in one word."
LONG = "The king of a small country had a garden with a wall around it. " * 40

WEATHER = {
    "type": "object",
    "properties": {
        "city": {"type": "string", "enum": ["Paris", "Rome", "Oslo"]},
        "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]},
    },
    "required": ["city", "unit"],
    "additionalProperties": False,
}

TOWN = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "maxLength": 20},
        "size": {"type": "string", "enum": ["small", "large"]},
    },
    "required": ["name", "size"],
    "additionalProperties": False,
}


def check_weather(arguments):
    assert set(arguments) == {"city", "unit"}, arguments
    assert arguments["city"] in WEATHER["properties"]["city"]["enum"], arguments
    assert arguments["unit"] in WEATHER["properties"]["unit"]["enum"], arguments
