"""Our additions to Celery: the broker's transports, the scheduler, the workers' heartbeat."""
