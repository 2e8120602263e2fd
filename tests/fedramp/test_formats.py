"""FED-7: what people paste keeps its format, and what is personal is found within it."""

import base64
import csv
import email
import io
import json
import xml.etree.ElementTree as ET

import pytest

from fedramp.scrubber.readings import Reading, whole
from fedramp.scrubber.spans import Span
from fedramp.scrubber.streams import scrub

pytestmark = pytest.mark.rule("FED-7")


def scrubbed(text, **known):
    return scrub(text, **known).text


ESCAPED = {
    "a line end before an address": r'{"m":"x\nmarta.kling@corp.example\ny"}',
    "a tab": r'{"m":"write to\tmarta.kling@corp.example\tplease"}',
    "a letter as a number": r'{"m":"marta.kling\u0040corp.example"}',
    "JSON within JSON": r'{"m":"{\"to\":\"marta.kling@corp.example\"}"}',
    "JSON within JSON within JSON": json.dumps(
        {"m": json.dumps({"a": json.dumps({"to": "marta.kling@corp.example"})})}
    ),
    "an address of a page": '{"u":"https://x.example/?to=marta.kling%40corp.example&v=2"}',
    "escaped twice": '{"u":"https://x.example/?to=marta.kling%2540corp.example&v=2"}',
    "an entity": '{"h":"<b>marta.kling&#64;corp.example</b>"}',
}


@pytest.mark.parametrize("text", ESCAPED.values(), ids=ESCAPED)
def test_json_stays_json_whatever_its_values_are_escaped_with(text):
    out = scrubbed(text)
    json.loads(out)
    assert "marta" not in out
    assert "EMAIL-1]" in out


def test_a_number_of_json_becomes_a_string():
    out = json.loads(scrubbed('{"ssn": 219099998, "id": 4711, "all": [[219099998, 5]]}'))
    assert out["ssn"] == "[SSN-1]"
    assert out["id"] == 4711


PAIRS = {
    "a header of a browser's log": '{"name":"Cookie","value":"JSESSIONID=5Jk2Lm9Qw8Er7Ty"}',
    "the value first": '{"value":"5Jk2Lm9Qw8Er7Ty","name":"password"}',
    "with something between": '{"key":"password","type":"text","value":"5Jk2Lm9Qw8Er7Ty"}',
    "two in a list": '["password", "5Jk2Lm9Qw8Er7Ty"]',
    "a list of one": '{"password": ["5Jk2Lm9Qw8Er7Ty"]}',
    "attributes": '<add key="password" value="5Jk2Lm9Qw8Er7Ty" />',
    "an attribute and its text": (
        '<Attribute Name="password"><Value>5Jk2Lm9Qw8Er7Ty</Value></Attribute>'
    ),
    "cells": "<tr><th>Password</th><td>5Jk2Lm9Qw8Er7Ty</td></tr>",
    "a definition": "<dl><dt>Password:</dt><dd>5Jk2Lm9Qw8Er7Ty</dd></dl>",
    "the next line": "Password\n5Jk2Lm9Qw8Er7Ty\nRegion\nus-east-1",
    "the next column": "Password      5Jk2Lm9Qw8Er7Ty\nRegion        us-east-1",
    "dots between": "Password ........ 5Jk2Lm9Qw8Er7Ty",
    "a part of a form": (
        'Content-Disposition: form-data; name="password"\r\n\r\n5Jk2Lm9Qw8Er7Ty\r\n--x'
    ),
    "a browser's list": "name=password   value=5Jk2Lm9Qw8Er7Ty",
    "settings, nested": "password:\n  from: vault\n  value: 5Jk2Lm9Qw8Er7Ty",
}


@pytest.mark.parametrize("text", PAIRS.values(), ids=PAIRS)
def test_a_key_tells_what_its_value_is_in_every_notation(text):
    out = scrubbed(text)
    assert "5Jk2Lm9Qw8Er7Ty" not in out
    assert "TOKEN-1]" in out
    assert ("us-east-1" in text) == ("us-east-1" in out)


def test_xml_stays_xml():
    out = scrubbed(
        '<p version="2.14.3.9"><who>Marta &amp; co</who><mail>marta.kling@corp.example</mail>'
        "<note>Please ring 212-555-0147.</note></p>"
    )
    page = ET.fromstring(out)  # noqa: S314 - our own
    assert page.get("version") == "2.14.3.9"
    assert page.findtext("mail") == "[EMAIL-1]"
    assert page.findtext("note") == "Please ring [PHONE-1]."


def test_a_table_keeps_its_rows_and_columns():
    text = (
        "id,name,phone,mail,note\n"
        '1,"Kling, Marta",212-555-0147,m.kling@corp.example,"late, again"\n'
        "2,madonna,2125550199,dale@corp.example,ok\n"
    )
    rows = list(csv.reader(io.StringIO(scrubbed(text))))
    assert [len(row) for row in rows] == [5, 5, 5]
    assert rows[0] == ["id", "name", "phone", "mail", "note"]
    assert [row[0] for row in rows] == ["id", "1", "2"]
    assert all(row[3].startswith("[EMAIL-") for row in rows[1:])
    assert "madonna" not in rows[2]
    assert rows[1][4] == "late, again"


def test_a_column_whose_cells_are_personal_is_so_in_every_row():
    text = (
        "17\tmarta.kling@corp.example\t212-555-0147\n18\tdale@corp.example\t(312) 555-0199\n"
        "19\to.brien@corp.example\t555 0199 12\n20\tsam@corp.example\t312.555.0144\n"
    )
    out = scrubbed(text)
    assert "555" not in out
    assert [line.split("\t")[0] for line in out.splitlines()] == ["17", "18", "19", "20"]


def test_base64_with_text_in_it_is_scrubbed_within():
    text = json.dumps({"mail": "marta.kling@corp.example", "error": "ECONN856", "tries": 12})
    packed = base64.b64encode(text.encode()).decode()
    out = scrubbed(f'{{"content": {{"encoding": "base64", "text": "{packed}"}}}}')
    inside = json.loads(base64.b64decode(json.loads(out)["content"]["text"]))
    assert inside == {"mail": "[EMAIL-1]", "error": "ECONN856", "tries": 12}


def test_base64_of_one_value_is_that_value():
    packed = base64.b64encode(b"marta.kling@corp.example").decode()
    assert scrubbed(f"login {packed} failed") == "login [EMAIL-1] failed"


@pytest.mark.parametrize(
    "text",
    [
        "sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "ETag: W/dGhpcyBpcyBub3Q5c3RyaW5n",
        "conversation 636feb0c-e7e5-4d53-bbaf-a7fc3425bec4 on edge0pdx-26",
    ],
)
def test_other_signs_are_not_decoded(text):
    assert scrubbed(text) == text


def test_mail_is_read_as_its_reader_sees_it():
    text = (
        "From: =?UTF-8?Q?J=C3=B6rg_Kling?= <j.kling@corp.example>\n"
        "Subject: calls drop\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
        "Content-Transfer-Encoding: quoted-printable\n\n"
        "Please write to marta.kling=40corp.exam=\nple about build 2.14.3.\n"
    )
    mail = email.message_from_string(scrubbed(text))
    assert mail["From"] == "[PERSON-1] <[EMAIL-1]>"
    assert mail.get_payload(decode=True).decode() == (
        "Please write to [EMAIL-2] about build 2.14.3.\n"
    )


PULLED_APART = {
    "invisible signs": "mail ma\u200brta.kl\u00ading@corp.example now",
    "spaces": "mail m a r t a @ c o r p . e x a m p l e now",
    "stars": "mail m*a*r*t*a*@*c*o*r*p*.*e*x*a*m*p*l*e now",
    "emphasis": "mail **ma**rta.kling@corp.**example** now",
    "tags": "mail ma<b>rta</b>.kling@corp<wbr>.example now",
    "a line of a reply": "mail marta.\n> > kling@corp.example now",
    "colours of a terminal": "mail \x1b[32mmarta.kling\x1b[0m@corp.example now",
    "parts of a program": 'mail "marta.kl"+"ing@corp.example" now',
    "a combining mark": "mail marta\u0301.kling@corp.example now",
    "full width": "mail \uff4d\uff41\uff52\uff54\uff41\uff20\uff43\uff4f\uff52\uff50.example now",
}


@pytest.mark.parametrize("text", PULLED_APART.values(), ids=PULLED_APART)
def test_a_disguise_hides_nothing(text):
    out = scrubbed(text)
    assert "EMAIL-1]" in out, out
    assert "kling" not in out
    assert out.endswith("now")


def test_what_a_scanner_misread_is_read():
    assert "66l8" not in scrubbed("Employee SSN 421-O9-66l8, box 1 48,217.33")


def test_a_finding_is_carried_back_to_all_that_it_stands_for():
    text = 'a "m\\u0061rta" b'
    reading = Reading(whole(text))
    reading.make("name: ")
    reading.copy(text, 3, 4)
    reading.decode("a", 4, 10)
    reading.copy(text, 10, 13)
    assert reading.said == "name: marta"
    assert reading.back(Span(6, 11, "PERSON")) == Span(3, 13, "PERSON")
    assert reading.back(Span(4, 8, "PERSON")) == Span(3, 10, "PERSON")
    assert reading.back(Span(0, 6, "PERSON")) is None
