"""The demo world of the commercial realm. Every name is invented; every domain is `.example`."""

from .people import DeploymentData, OrganizationData, World, contact, staff_of

CX = "Genesys Cloud CX"
ENGAGE = "Genesys Engage"
CONNECT = "PureConnect"
LONDON, BERLIN = "Europe/London", "Europe/Berlin"
TOKYO, SYDNEY = "Asia/Tokyo", "Australia/Sydney"
STAFF = staff_of("support.example")
MANAGER = "lena.brandt@support.example"

ORGANIZATIONS = (
    OrganizationData(
        "Brightwater Bank",
        "brightwater-bank",
        "US East",
        "premium_care",
        (DeploymentData("Contact centre", ENGAGE), DeploymentData("Digital", CX, "us-east-1")),
        ("Boston", "Tampa", "Columbus"),
        add_on="flex_care",
        account_manager=MANAGER,
        weight=4,
    ),
    OrganizationData(
        "Lindqvist Logistics",
        "lindqvist-logistics",
        "Berlin",
        "business_care_for_cloud",
        (DeploymentData("Europe", CX, "eu-central-1"),),
        ("Hamburg", "Leipzig", "Malmo"),
        add_on="flex_care_for_cloud",
        account_manager=MANAGER,
        weight=3,
    ),
    OrganizationData(
        "Kestrel Insurance",
        "kestrel-insurance",
        "London",
        "business_care_plus",
        (DeploymentData("Claims", ENGAGE), DeploymentData("Sales", CX, "eu-west-2")),
        ("Leeds", "Bristol"),
        weight=3,
    ),
    OrganizationData(
        "Hoshino Retail",
        "hoshino-retail",
        "Tokyo",
        "care_for_cloud",
        (DeploymentData("Online shop", CX, "ap-northeast-1"),),
        ("Osaka", "Sendai"),
    ),
    OrganizationData(
        "Coral Bay Telecom",
        "coral-bay-telecom",
        "Sydney",
        "business_care_for_cloud",
        (DeploymentData("Care", CX, "ap-southeast-2"),),
        ("Perth", "Brisbane"),
    ),
    OrganizationData(
        "Tessera Integrators",
        "tessera-integrators",
        "London",
        "business_care_for_cloud",
        (DeploymentData("Laboratory", CX, "eu-west-2"),),
        ("Reading",),
        kind="partner",
        weight=1,
    ),
    OrganizationData(
        "Alder and Finch Utilities",
        "alder-finch",
        "London",
        "care_for_cloud",
        (DeploymentData("Hotline", CX, "eu-west-2"),),
        ("York", "Exeter"),
        kind="end_user",
        partner="tessera-integrators",
    ),
    OrganizationData(
        "Maple Row Clinics",
        "maple-row",
        "US East",
        "business_care_for_cloud",
        (DeploymentData("Appointments", CX, "us-east-1"),),
        ("Albany", "Ithaca"),
        kind="end_user",
        partner="tessera-integrators",
    ),
    OrganizationData(
        "Orbit Airlines",
        "orbit-airlines",
        "Around the clock",
        "premium_care",
        (
            DeploymentData("Reservations", CONNECT),
            DeploymentData("Loyalty programme", CX, "us-west-2"),
        ),
        ("Denver", "Lisbon", "Manila"),
        account_manager=MANAGER,
        weight=4,
    ),
    OrganizationData(
        "Polder Foods",
        "polder-foods",
        "Berlin",
        "business_care",
        (DeploymentData("Orders", CONNECT),),
        ("Utrecht", "Bremen"),
    ),
    OrganizationData(
        "Granite Federal Services",
        "granite-federal",
        "US East",
        "business_care_for_cloud",
        (DeploymentData("Benefits hotline", CX, "us-east-2"),),
        ("Richmond",),
        is_fedramp=True,
        weight=0,
    ),
)

CONTACTS = (
    contact("Dana Whitfield", "brightwater-bank", "brightwater.example"),
    contact("Luis Ortega", "brightwater-bank", "brightwater.example"),
    contact("Hannah Cole", "brightwater-bank", "brightwater.example"),
    contact("Rudi Ames", "brightwater-bank", "brightwater.example", "read_only"),
    contact("Greta Lindgren", "lindqvist-logistics", "lindqvist.example", zone=BERLIN),
    contact("Jonas Weber", "lindqvist-logistics", "lindqvist.example", zone=BERLIN),
    contact("Mia Sandberg", "lindqvist-logistics", "lindqvist.example", "read_only", BERLIN),
    contact("Owen Pryce", "kestrel-insurance", "kestrel.example", zone=LONDON),
    contact("Farah Siddiqui", "kestrel-insurance", "kestrel.example", zone=LONDON),
    contact("Nora Blythe", "kestrel-insurance", "kestrel.example", "read_only", LONDON),
    contact("Aiko Mori", "hoshino-retail", "hoshino.example", zone=TOKYO),
    contact("Kenji Arai", "hoshino-retail", "hoshino.example", zone=TOKYO),
    contact("Yuna Hara", "hoshino-retail", "hoshino.example", "read_only", TOKYO),
    contact("Ruby Tran", "coral-bay-telecom", "coralbay.example", zone=SYDNEY),
    contact("Jack Doyle", "coral-bay-telecom", "coralbay.example", zone=SYDNEY),
    contact("Zoe Papas", "coral-bay-telecom", "coralbay.example", "read_only", SYDNEY),
    contact(
        "Simon Marsh",
        "tessera-integrators",
        "tessera.example",
        zone=LONDON,
        alder_finch="designated",
        maple_row="read_only",
    ),
    contact(
        "Beatriz Lemos",
        "tessera-integrators",
        "tessera.example",
        zone=LONDON,
        maple_row="designated",
    ),
    contact("Peter Ashby", "alder-finch", "alderfinch.example", zone=LONDON),
    contact("Cara Winslow", "alder-finch", "alderfinch.example", "read_only", LONDON),
    contact("Megan Rowe", "maple-row", "maplerow.example"),
    contact("Isaac Stone", "maple-row", "maplerow.example", "read_only"),
    contact("Vera Quist", "orbit-airlines", "orbit.example", zone="America/Denver"),
    contact("Andre Silva", "orbit-airlines", "orbit.example", zone="Europe/Lisbon"),
    contact("Liza Ramos", "orbit-airlines", "orbit.example", zone="Asia/Manila"),
    contact("Paul Engel", "orbit-airlines", "orbit.example", "read_only", "America/Denver"),
    contact("Wouter Bakker", "polder-foods", "polder.example", zone="Europe/Amsterdam"),
    contact("Ilse Jansen", "polder-foods", "polder.example", zone="Europe/Amsterdam"),
    contact("Karl Busch", "polder-foods", "polder.example", "read_only", BERLIN),
    contact("Frank Delgado", "granite-federal", "granite.example"),
)

ANNOUNCEMENTS = (
    (
        "European regions: maintenance on Sunday",
        "Between 02:00 and 04:00 UTC, administration pages in the European regions are "
        "read-only. Calls, messages and recordings are not affected.",
    ),
    (
        "Desk phones: new firmware",
        "This month's firmware updates the caller's name after a consult transfer. Please "
        "restart the phones after the update, one site at a time.",
    ),
    (
        "Tutorial: reading a SIP trace",
        "Forty minutes on what to look for first, with three traces from real cases. You'll "
        "find the recording with the tutorials.",
    ),
    (
        "Certificates expiring this quarter",
        "Several identity providers are changing their signing certificates this quarter. "
        "Please upload the new one alongside the old one before the change.",
    ),
)

WORLD = World("commercial", ORGANIZATIONS, CONTACTS, STAFF, ANNOUNCEMENTS)
