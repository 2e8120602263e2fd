from django.apps import AppConfig


class FedrampConfig(AppConfig):
    name = "fedramp"
    verbose_name = "FedRAMP"
