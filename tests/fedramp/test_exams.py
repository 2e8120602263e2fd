"""FED-7: sets of texts whose authors did not know the engine, frozen before they were scored."""

import pytest
from django.conf import settings

from fedramp.scrubber.notation import is_json
from tests.bench.exams import (
    EXAMS,
    digest,
    first_sights,
    kept_places,
    read,
    run,
    scored,
    summary,
)

SETS = first_sights()


@pytest.mark.rule("FED-7")
def test_each_set_is_as_it_was_first_seen():
    assert {path.stem for path in EXAMS.glob("*.jsonl")} == set(SETS)
    for name, first in SETS.items():
        path = EXAMS / f"{name}.jsonl"
        assert digest(path) == first["sha256"], name
        assert len(read(path)) == first["texts"] >= 150, name


@pytest.mark.rule("FED-7")
@pytest.mark.embedded
@pytest.mark.realm("fedramp")
@pytest.mark.parametrize("name", SETS)
def test_what_was_found_at_first_sight_is_found_today(name):
    examples = read(EXAMS / f"{name}.jsonl")
    scrubbed = run(examples)
    now, first = scored(examples, scrubbed), SETS[name]
    assert now.recall >= first["recall"] - 0.005
    assert now.precision >= first["precision"] - 0.02
    assert now.negatives_touched <= first["negatives_touched"] + 0.02
    for example, out in zip(examples, scrubbed, strict=True):
        if is_json(example["text"]):
            assert is_json(out), example["id"]


@pytest.mark.rule("FED-7")
def test_a_score_counts_whole_values_and_hard_negatives():
    text = "Ask Ada Byron about 2.14.3 and queue Rose, or call 212 555 0147."
    example = {
        "text": text,
        "spans": [
            {"start": 4, "end": 13, "type": "PERSON"},
            {"start": 51, "end": 63, "type": "PHONE"},
        ],
        "optional": [],
        "negatives": [{"start": 20, "end": 26, "type": "-"}, {"start": 37, "end": 41, "type": "-"}],
    }
    half = "Ask [PERSON-1] Byron about 2.14.3 and queue [PERSON-2], or call [PHONE-1]."
    score = scored([example], [half])
    assert dict(score.spans) == {"PERSON": 1, "PHONE": 1}
    assert (score.removed["PERSON"], score.removed["PHONE"]) == (0, 1)
    assert (score.runs, score.personal) == (3, 2)
    assert (score.negatives, score.touched) == (2, 1)
    surely, possibly = kept_places(text, half)
    assert surely == possibly
    assert 4 not in surely
    assert 8 in surely


@pytest.mark.rule("FED-7")
def test_the_document_says_what_was_found_at_first_sight():
    page = (settings.BASE_DIR / "docs" / "scrubbing.md").read_text()
    assert "\n".join(summary()) in page
