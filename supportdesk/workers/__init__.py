"""What Celery needs of us: the broker's transports, the scheduler, the workers' heartbeat."""
