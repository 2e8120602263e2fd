"""Business actions of the FedRAMP realm besides cases, each in one transaction."""
