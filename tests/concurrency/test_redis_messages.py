"""What lies in Redis and is no message ends no worker."""

import pytest
import redis
from django.conf import settings
from kombu import Connection

from tests.test_broker import BROKEN, taken_by_a_worker, told

pytestmark = [pytest.mark.servers, pytest.mark.realm("fedramp")]


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_what_is_no_message_is_dropped_and_the_next_one_taken(content, caplog):
    own = redis.Redis.from_url(settings.CELERY_BROKER_URL)
    own.delete("desk")
    own.lpush("desk", content)
    connection = Connection(
        settings.CELERY_BROKER_URL,
        transport=settings.CELERY_BROKER_TRANSPORT,
        transport_options=settings.CELERY_BROKER_TRANSPORT_OPTIONS,
    )
    assert taken_by_a_worker(told(connection)) == [{"word": "good"}]
    assert own.llen("desk") == 0
    assert len([each for each in caplog.records if "dropped" in each.message]) == 1
