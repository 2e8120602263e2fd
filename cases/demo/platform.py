"""Scripts about sign-in, interfaces, reports, and software on the customer's own machines."""

from .script import (
    CRITICAL,
    HIGH,
    LOW,
    Log,
    Scenario,
    accept,
    ask,
    close,
    engage,
    note,
    persist,
    propose,
    reopen,
    resume,
    say,
    severity,
    take,
    write,
)

RATE = Log(
    "api-client.log",
    """\
GET /api/v2/users?pageSize=100&pageNumber=1 200 81 ms
GET /api/v2/users?pageSize=100&pageNumber=2 200 79 ms
GET /api/v2/routing/queues 429 6 ms  retry-after: 41
GET /api/v2/routing/queues 429 5 ms  retry-after: 41
GET /api/v2/routing/queues 429 6 ms  retry-after: 40
""",
)
SAML = Log(
    "saml-response.txt",
    """\
StatusCode: urn:oasis:names:tc:SAML:2.0:status:Success
Audience: https://login.contact-centre.example/saml
NotOnOrAfter: 90 s before the server's time
Signature: certificate 'idp-2025', expired
""",
)
STAT = Log(
    "stat-server.log",
    """\
12:00:01 Std 04503 connection to 'confserv' lost
12:00:01 Std 04504 reconnect to backup, attempt 1
12:00:31 Std 04502 cannot connect, reason 'Address is not available'
12:01:01 Std 04502 cannot connect, reason 'Address is not available'
""",
)

SCENARIOS = (
    Scenario(
        subject="Single sign-on fails for all users",
        description=(
            "Since 07:00 nobody can sign in. The identity provider says success, then your page "
            "shows 'invalid response'. Whoever was signed in still works."
        ),
        impact="The early shift works, the next one starts at 13:00 and cannot sign in.",
        priority=CRITICAL,
        hosting="cloud",
        log=SAML,
        steps=(
            take("Thank you for the call. The response is signed with an expired certificate."),
            ask("Do you have the provider's new certificate at hand, as PEM?"),
            write("Uploaded it under the integration. Shall we also correct the clock?"),
            say("Yes: 90 seconds is more than the allowed drift of 60."),
            severity(HIGH, "Users sign in again; clock and second certificate remain."),
            propose("Sign-in works. Please put the end of the certificate in your calendar."),
            accept(),
        ),
    ),
    Scenario(
        subject="API answers 429 to our synchronisation job",
        description=(
            "The job that copies queues and users to our data warehouse gets 429 since we added "
            "the second site. It did 200 calls a minute and does 450 now."
        ),
        impact="Reports of the day are ready at noon instead of at six.",
        hosting="cloud",
        log=RATE,
        steps=(
            take(),
            say("The limit is per client and minute, and the job does not wait for retry-after."),
            ask("Does the job ask for each user on its own, or for pages of 100?"),
            write("Per user, for their skills. There are 4,100 of them."),
            propose(
                "Ask with expand=skills in pages of 100: 41 calls instead of 4,100. And wait as "
                "long as retry-after says."
            ),
            accept("Down to 3 minutes. We should have read the guide."),
        ),
    ),
    Scenario(
        subject="Queue report shows 0 abandoned for {queue}",
        description="The performance view shows 0 abandoned for {queue}, we know of at least 30.",
        impact="The monthly report to the board is due on Friday.",
        steps=(
            take(),
            ask("Which filter for short abandons is set in the view?"),
            write("'Exclude under 60 seconds'. Oh. It was 5 before?"),
            say("It is a setting of the view, and may have come with a shared one."),
            propose("Set it to 5 seconds; the numbers of the past change with it."),
            accept("34 abandoned. Thank you."),
        ),
    ),
    Scenario(
        subject="Wallboard is minutes behind",
        description="The wallboard at {site} shows figures that are 4 to 6 minutes old.",
        impact="Supervisors move agents too late.",
        steps=(
            take(),
            say("The wallboard asks every 5 minutes. Notifications would be immediate."),
            write("It is a product of a partner. Can they use notifications?"),
            engage("other", "The maker of the wallboard checks it.", "The wallboard's maker"),
            resume("They can from version 3.2 on."),
            propose("Ask them for version 3.2 and the subscription for queue observations."),
            persist("Updated, and now it shows nothing at all."),
            note("Their client subscribes to 1,800 topics: the limit of a channel is 1,000."),
            propose("Subscribe to the 60 queues that are shown and not to all 1,800."),
            accept("Live now."),
        ),
    ),
    Scenario(
        subject="Statistics server loses its connection every night",
        description=(
            "Every night at 00:00 the statistics server loses the configuration server and does "
            "not come back by itself."
        ),
        impact="The night shift sees no figures until somebody restarts it.",
        priority=HIGH,
        hosting="premises",
        log=STAT,
        steps=(
            take(),
            ask("What happens at midnight on that host: backup, snapshot, a new address?"),
            write("A snapshot of the virtual machine. It takes 40 seconds."),
            note("Known: keep-alive of 30 s and no backup address set in their environment."),
            say("The snapshot freezes the host for longer than the keep-alive of 30 seconds."),
            propose("Raise the keep-alive to 90 seconds, and give the address of the backup."),
            accept("Five nights without loss."),
        ),
    ),
    Scenario(
        subject="Upgrade to the new release: order of components",
        description=(
            "We plan the upgrade for next month. In which order do we upgrade the routing server, "
            "the statistics server and the gateway?"
        ),
        impact="None now; the window is booked.",
        priority=LOW,
        hosting="premises",
        steps=(
            take(),
            say("Configuration first, then statistics, routing, and the gateway last."),
            write("Can the old gateway work with the new routing server over a weekend?"),
            say("One release apart is supported. Please check the list of ended features."),
            propose("The order above, with a backup before each step, and the way back written."),
            accept("Clear, we close. The upgrade is in three weeks."),
        ),
    ),
    Scenario(
        subject="Webhook for new conversations delivers twice",
        description="Our endpoint gets some events twice, with the same ID, seconds apart.",
        impact="We create two records in the CRM and clean up by hand.",
        hosting="cloud",
        steps=(
            take(),
            say("Delivery is at least once: if we see no 200 in 5 seconds we send it again."),
            ask("How long does your endpoint take at peak times?"),
            write("Up to 8 seconds, since it writes in the CRM first."),
            engage("development", "Whether the limit could be set higher for this account."),
            resume("It stays at 5 seconds for all."),
            propose("Answer at once and work after it; drop events with an ID already seen."),
            accept("Done, no more doubles."),
        ),
    ),
    Scenario(
        subject="Users of {site} lose their roles after each provisioning run",
        description=(
            "After the nightly SCIM run the agents of {site} have no role, and we give it by hand "
            "every morning."
        ),
        impact="Half an hour of two supervisors, each morning.",
        steps=(
            take(),
            ask("Which groups does the provider send for these users?"),
            write("None: {site} is managed in another tenant."),
            say("Then the run sets what it is sent: an empty list."),
            note("Suggest to map by department attribute; worked for two others."),
            propose("Map roles by the attribute 'department', or leave groups out of the run."),
            persist("For new users it works. For the old ones the roles vanish again."),
            severity(HIGH, "Two more sites are affected since today."),
            say("The old users still carry the group mapping. It goes when they are saved once."),
            propose("A run with 'full synchronisation' saves each of them once."),
            accept(),
        ),
    ),
    Scenario(
        subject="Screen pop opens the wrong customer",
        description="The screen pop opens the record of the caller before, about once an hour.",
        impact="Agents see data of another customer: a matter of privacy.",
        priority=HIGH,
        has_conversation=True,
        steps=(
            take(),
            say("I take the word privacy seriously; our security team knows of the case."),
            ask("Does it happen when two calls come within a second?"),
            write("Yes, always on a direct transfer followed by a new call."),
            engage("development", "The event of the first call is handled after the second's."),
            note("Reproduced with the client of May; the one of June is right."),
            resume("The corrected client is released."),
            propose("Please update the embedded client; it compares the conversation before."),
            accept("Not once in a week."),
            reopen("Seen again at {site}, on two machines."),
            say("Those two run the client of May: automatic updates are off."),
            propose("Please update these two machines as well."),
            close("Both updated. It can be closed.", by_contact=True),
        ),
    ),
    Scenario(
        subject="How do we export all prompts?",
        description="We would like a copy of all prompts of all flows for our translators.",
        impact="None.",
        priority=LOW,
        steps=(
            take(),
            propose("There is an export per prompt and one by the API; the guide shows both."),
            accept("Thanks, the API it is."),
        ),
    ),
    Scenario(
        subject="Dialer campaign stops at 60 percent of the list",
        description="The campaign for {queue} stops with 'complete', 40 percent are uncalled.",
        impact="Reminders for appointments are not made.",
        hosting="cloud",
        steps=(
            take(),
            ask("Which contactable time window and which time zone column has the list?"),
            write("9 to 18, and the column is empty for the uncalled ones."),
            say("Without a zone a record is not contactable, and so not called."),
            propose("Fill the column, or set a default zone for the list."),
            close("No word for a week; the proposal stands. Reopen it if it does not help."),
        ),
    ),
)
