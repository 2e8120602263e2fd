"""Signing in: adapter, lockout, second factors, OpenID, the use notification, session timeout."""
