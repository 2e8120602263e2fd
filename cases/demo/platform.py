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
            "Nobody has been able to sign in since 07:00. The identity provider reports "
            "success, but then your page shows 'invalid response'. Anyone who was already "
            "signed in can keep working."
        ),
        impact=(
            "The early shift is still working, but the next one starts at 13:00 and can't sign in."
        ),
        priority=CRITICAL,
        hosting="cloud",
        log=SAML,
        steps=(
            take("Thanks for calling. The response is signed with an expired certificate."),
            ask("Do you have the provider's new certificate to hand, in PEM format?"),
            write("Uploaded it in the integration settings. Should we fix the clock as well?"),
            say("Yes, please: it's 90 seconds off, and the allowed drift is 60."),
            severity(
                HIGH,
                "Users can sign in again; the clock and the second certificate are still to do.",
            ),
            propose(
                "Sign-in is working again. Please put the certificate's expiry date in your "
                "calendar."
            ),
            accept(),
        ),
    ),
    Scenario(
        subject="Our sync job gets 429 errors from the API",
        description=(
            "The job that copies queues and users to our data warehouse has been getting 429s "
            "since we added the second site. It used to make 200 calls a minute and now "
            "makes 450."
        ),
        impact="The daily reports aren't ready until noon instead of six.",
        hosting="cloud",
        log=RATE,
        steps=(
            take(),
            say("The limit is per client per minute, and your job isn't waiting for retry-after."),
            ask("Does the job request each user individually, or in pages of 100?"),
            write("One by one, to get their skills. There are 4,100 of them."),
            propose(
                "Use expand=skills with pages of 100: that's 41 calls instead of 4,100. If "
                "you still hit the limit, wait as long as retry-after says."
            ),
            accept("Down to 3 minutes. We should have read the guide, sorry!"),
        ),
    ),
    Scenario(
        subject="Queue report shows 0 abandoned calls for {queue}",
        description="The performance view shows 0 abandoned for {queue}; we know of at least 30.",
        impact="The monthly board report is due on Friday.",
        steps=(
            take(),
            ask("Which short-abandon filter is set in the view?"),
            write("'Exclude under 60 seconds'. Oh. Wasn't that 5 before?"),
            say(
                "It's a setting of the view, so it may have come with one that was shared with you."
            ),
            propose("Set it to 5 seconds, and the past figures will correct themselves too."),
            accept("34 abandoned, that looks right. Thanks!"),
        ),
    ),
    Scenario(
        subject="Wallboard is minutes behind",
        description="The figures on the wallboard at {site} are 4 to 6 minutes old.",
        impact="Supervisors are moving agents too late.",
        steps=(
            take(),
            say(
                "The wallboard polls every 5 minutes. With notifications it would update "
                "right away."
            ),
            write("It's a partner's product. Can it use notifications?"),
            engage("other", "We've asked the wallboard vendor to check.", "The wallboard's maker"),
            resume("It can, from version 3.2 on."),
            propose("Ask them for version 3.2, and have it subscribe to queue observations."),
            persist("We've updated, and now it shows nothing at all."),
            note("Their client subscribes to 1,800 topics; the limit per channel is 1,000."),
            propose("Please subscribe only to the 60 queues on display, not to all 1,800."),
            accept("It's live now, thanks."),
        ),
    ),
    Scenario(
        subject="Statistics server loses its connection every night",
        description=(
            "Every night at 00:00 the statistics server loses its connection to the "
            "configuration server and doesn't recover on its own."
        ),
        impact="The night shift has no figures until somebody restarts it.",
        priority=HIGH,
        hosting="premises",
        log=STAT,
        steps=(
            take(),
            ask("What runs on that host at midnight: a backup, a snapshot, an address change?"),
            write("A VM snapshot. It takes 40 seconds."),
            note(
                "Known issue: keep-alive is 30 s, and no backup address is set in their "
                "environment."
            ),
            say("The snapshot freezes the host for longer than the 30-second keep-alive."),
            propose(
                "Please raise the keep-alive to 90 seconds and set the backup server's address."
            ),
            accept("Five nights without a drop."),
        ),
    ),
    Scenario(
        subject="Upgrade to the new release: order of components",
        description=(
            "We're planning the upgrade for next month. In which order should we upgrade the "
            "routing server, the statistics server and the gateway?"
        ),
        impact="None at the moment; the window is booked.",
        priority=LOW,
        hosting="premises",
        steps=(
            take(),
            say("Configuration first, then statistics, then routing, and the gateway last."),
            write("Can the old gateway run with the new routing server over a weekend?"),
            say(
                "One release apart is supported. Please check the list of discontinued "
                "features, too."
            ),
            propose("The order above, with a backup before each step and a written rollback plan."),
            accept("All clear, so we're closing this. The upgrade is in three weeks."),
        ),
    ),
    Scenario(
        subject="Webhook for new conversations fires twice",
        description="Our endpoint receives some events twice, seconds apart and with the same ID.",
        impact="We end up with two records in the CRM and have to clean up by hand.",
        hosting="cloud",
        steps=(
            take(),
            say(
                "Delivery is at least once: if we don't get a 200 within 5 seconds, we send "
                "it again."
            ),
            ask("How long does your endpoint take to respond at peak times?"),
            write("Up to 8 seconds, because it writes to the CRM first."),
            engage("development", "Asking whether the limit can be raised for this account."),
            resume("The limit stays at 5 seconds for everyone."),
            propose(
                "Respond right away, process afterwards, and skip events with an ID you've seen."
            ),
            accept("Done, no more duplicates."),
        ),
    ),
    Scenario(
        subject="Users of {site} lose their roles after each provisioning run",
        description=(
            "After the nightly SCIM run, agents at {site} have no role, and we have to assign "
            "it again by hand every morning."
        ),
        impact="It costs two supervisors half an hour every morning.",
        steps=(
            take(),
            ask("Which groups does the identity provider send for these users?"),
            write("None: {site} is managed in a different tenant."),
            say("That explains it: the run applies what it gets, and here that's an empty list."),
            note("Suggesting mapping by department attribute; it worked for two others."),
            propose(
                "Please map roles by the 'department' attribute, or leave groups out of the run."
            ),
            persist("That works for new users, but existing ones still lose their roles."),
            severity(HIGH, "Two more sites are affected as of today."),
            say(
                "Existing users still carry the old group mapping. Saving each one once clears it."
            ),
            propose("A 'full synchronisation' run will save each of them once."),
            accept(),
        ),
    ),
    Scenario(
        subject="Screen pop opens the wrong customer",
        description="About once an hour, the screen pop opens the previous caller's record.",
        impact="Agents see another customer's data, which is a privacy issue.",
        priority=HIGH,
        has_conversation=True,
        steps=(
            take(),
            say("We take privacy seriously, so I've let our security team know about this case."),
            ask("Does it happen when two calls come in within a second of each other?"),
            write("Yes, always when a direct transfer is followed by a new call."),
            engage("development", "The first call's event is handled after the second's."),
            note("Reproduced with the May client; the June one is fine."),
            resume("The fixed client is out."),
            propose(
                "Please update the embedded client: it now checks the conversation before the "
                "screen pop."
            ),
            accept("It hasn't happened once in a week."),
            reopen("It's back at {site}, on two machines."),
            say("Those two are still on the May client: automatic updates are off."),
            propose("Please update those two machines as well."),
            close("Both are updated, so this can be closed.", by_contact=True),
        ),
    ),
    Scenario(
        subject="How do we export all prompts?",
        description="We'd like a copy of all the prompts in our flows for our translators.",
        impact="None.",
        priority=LOW,
        steps=(
            take(),
            propose("You can export prompts one by one or through the API; the guide covers both."),
            accept("Thanks, we'll go with the API."),
        ),
    ),
    Scenario(
        subject="Dialer campaign stops at 60 percent of the list",
        description=(
            "The campaign for {queue} stops with 'complete', but 40 percent haven't been called."
        ),
        impact="Appointment reminders aren't going out.",
        hosting="cloud",
        steps=(
            take(),
            ask("Which contactable time window and time zone column does the list use?"),
            write("9 to 18, and the column is empty for the ones that weren't called."),
            say("Without a time zone a record isn't contactable, so it's never called."),
            propose("Please fill in the column, or set a default time zone for the list."),
            close(
                "I haven't heard back for a week, so I'm closing this. Just reopen it if the "
                "fix doesn't help."
            ),
        ),
    ),
)
