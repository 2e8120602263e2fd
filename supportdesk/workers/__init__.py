"""What we add to Celery: the broker's transports, the scheduler, the workers' heartbeat."""
