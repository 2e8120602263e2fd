"""How the test databases are made, emptied between tests, and filled again."""
