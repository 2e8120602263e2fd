"""What is done in the FedRAMP realm besides cases: one business action each, in one transaction."""
