"""Tests with real transactions find what the migrations left, and nothing from each other."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command

from tests import world
from tests.stored import everything_stored


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_what_a_test_wrote_and_what_it_erased_is_taken_back():
    before, roles = everything_stored(), list(Group.objects.order_by("pk").values_list())
    world.build().case()
    Group.objects.all().delete()
    assert everything_stored() != before
    call_command("flush", interactive=False, verbosity=0, inhibit_post_migrate=True)
    assert everything_stored() == before
    assert list(Group.objects.order_by("pk").values_list()) == roles != []
