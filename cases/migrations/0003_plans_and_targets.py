"""The plans and targets of the sources, as data that operations administrators may edit.

PLAN-1, SLA-1 to SLA-3, RCA-3.
"""

from django.db import migrations

# code, name, description, and the plans that carry it
BC, BCP, PC, FLEX = "business_care", "business_care_plus", "premium_care", "flex_care"
CC, BCC, FLEXC = "care_for_cloud", "business_care_for_cloud", "flex_care_for_cloud"

PLANS = [
    (BC, "Business Care", "genesys_care", False),
    (BCP, "Business Care Plus", "genesys_care", False),
    (PC, "Premium Care", "genesys_care", False),
    (FLEX, "Flex Care", "genesys_care", True),
    (CC, "Care for Cloud", "cloud", False),
    (BCC, "Business Care for Cloud", "cloud", False),
    (FLEXC, "Flex Care for Cloud", "cloud", True),
]

ALL = (BC, BCP, PC)
PLUS = (BCP, PC)
CLOUD = (CC, BCC)

FEATURES = [
    ("software_updates", "Software updates and upgrades", "New releases and hot fixes of licensed software.", ALL),
    ("live_answer", "24x7 Live Answer support", "Cases go straight to a support expert, with defined Service Level Targets.", ALL),
    ("remote_diagnostics", "Remote diagnostics", "Product Support looks into an issue from afar, with tools of the industry.", ALL),
    ("knowledge_base", "Knowledge base access", "Documents with answers, best practices and known issues.", ALL + CLOUD),
    ("tech_tutorials", "Tech tutorials", "Recorded sessions on advanced operations, several times a year.", ALL),
    ("community", "Genesys Community", "Forums to ask and to share.", ALL),
    ("case_owner_chat", "Chat with Product Support Case Owner", "Designated Contacts chat with Case Owners about their cases.", ALL),
    ("mobile_access", "Mobile device access", "Open cases on iOS and Android.", (*ALL, BCC)),
    ("workbench", "Workbench", "Troubleshooting tools that help to find issues faster.", ALL),
    ("log_file_management", "Log File Management Tool (LFMT)", "Keeps application logs, searches them, and scrubs them before they are sent.", PLUS),
    ("log_file_retrieval", "Log File Retrieval Service", "Product Support fetches log files for an open case; needs LFMT.", PLUS),
    ("remote_alarm_monitoring", "Remote Alarm Monitoring (RAM)", "Notifications, and help where needed, when a supported alarm is raised.", (*PLUS, FLEX)),
    ("designated_case_management", "Designated case management", "Updates on critical cases, weekly status calls, a quarterly summary.", PLUS),
    ("enhanced_response_targets", "Enhanced response targets", "Response targets for Critical, High and Medium are 50% shorter.", PLUS),
    ("technical_account_manager", "Technical Account Manager (TAM)", "A named adviser who knows goals, operations and priorities.", (PC, FLEX, FLEXC)),
    ("troubleshooting_training", "Annual troubleshooting training session", "One workshop a year: five days of training for one contact.", (PC,)),
    ("upgrade_advisor", "Upgrade advisor", "What runs in production, compared with the latest releases.", (PC,)),
    ("routing_logic_review", "Annual routing logic review", "Risks in routing logic, found and mitigated.", (PC,)),
    ("support_architect", "Support Architect (SA)", "A named adviser for risk mitigation and issue resolution.", (FLEX,)),
    ("extended_support", "Extended support", "Best effort for software at its end of service.", (FLEX,)),
    ("custom_app_support", "Custom app support", "Support for custom-developed applications and modules.", (FLEX,)),
    ("special_event_support", "Special event support", "Preferred attention during special events.", (FLEX,)),
    ("web_case_management", "Web portal case management", "Open and manage cases in the portal.", CLOUD),
    ("proactive_advisory", "Proactive service advisory", "Known issues and solutions by mail, daily or weekly.", CLOUD),
    ("platform_monitoring", "Platform and network monitoring", "Monitoring around the clock: network, circuits, service.", CLOUD),
    ("platform_maintenance", "Platform maintenance and updates", "Maintenance and application updates at no extra charge.", CLOUD),
    ("phone_support", "24x7 phone support for unlimited case management", "Submit a case, or speak with Product Support, at any time.", (BCC,)),
    ("defined_response_targets", "Defined response targets", "Response targets by case severity.", (*ALL, BCC)),
]

# promise, severity, unit, amount, with enhanced response targets, on premises
TARGETS = [
    ("response", 1, "elapsed_minutes", 10, 5, None),
    ("response", 2, "business_minutes", 120, 60, None),
    ("response", 3, "business_minutes", 120, 60, None),
    ("response", 4, "business_minutes", 120, None, None),
    ("restoration", 1, "elapsed_minutes", 240, None, None),
    ("restoration", 2, "business_days", 2, None, None),
    ("restoration", 3, "business_days", 5, None, None),
    ("rca", 1, "business_days", 5, None, 7),
    ("rca", 2, "business_days", 5, None, 7),
    ("rca", 3, "business_days", None, None, 7),
    ("rca", 4, "business_days", None, None, 7),
]

#: Flex Care stands beside all plans of its table, Flex Care for Cloud beside one (PLAN-1).
TAKE_ONE = (BC, BCP, PC, BCC)


def load(apps, schema_editor):
    Plan = apps.get_model("cases", "CarePlan")
    Feature = apps.get_model("cases", "CareFeature")
    plans = {
        code: Plan.objects.create(
            code=code,
            name=name,
            family=family,
            is_add_on=add_on,
            takes_add_on=code in TAKE_ONE,
            position=position,
        )
        for position, (code, name, family, add_on) in enumerate(PLANS)
    }
    for position, (code, name, description, carried_by) in enumerate(FEATURES):
        feature = Feature.objects.create(code=code, name=name, description=description, position=position)
        feature.plans.set([plans[plan] for plan in carried_by])
    Target = apps.get_model("cases", "SlaTarget")
    for promise, severity, unit, amount, enhanced, on_premises in TARGETS:
        Target.objects.create(
            promise=promise,
            severity=severity,
            unit=unit,
            amount=amount,
            enhanced=enhanced,
            on_premises=on_premises,
        )


def unload(apps, schema_editor):
    apps.get_model("cases", "CarePlan").objects.all().delete()
    apps.get_model("cases", "CareFeature").objects.all().delete()
    apps.get_model("cases", "SlaTarget").objects.all().delete()


class Migration(migrations.Migration):
    replaces = [("cases", "0002_care_plans"), ("cases", "0003_sla_targets")]
    dependencies = [("cases", "0002_search_index")]
    operations = [migrations.RunPython(load, unload)]
