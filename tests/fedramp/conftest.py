from tests.admin.conftest import fresh_counts, sign_in

__all__ = ["fresh_counts", "sign_in"]
