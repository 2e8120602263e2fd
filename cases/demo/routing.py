"""Scripts about flows, queues, recordings and the workforce."""

from .script import (
    CRITICAL,
    HIGH,
    LOW,
    MEDIUM,
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

FLOW_ERROR = Log(
    "flow-execution.txt",
    """\
flow {flow} version 41.0
00:00.000 start
00:00.412 data action 'Customer by number' started
00:03.412 data action timed out after 3000 ms
00:03.413 failure path: not connected, using default error handling
00:03.420 disconnect
""",
)
EXPORT = Log(
    "export-job.log",
    """\
02:00:00 bulk export started, policy 'All recordings, daily'
02:17:44 recordings found: 3118
02:17:45 upload part 1 of 63: AccessDenied
02:17:45 retry 1 of 3 in 60 s
02:20:46 job failed: destination refused the upload
""",
)

SCENARIOS = (
    Scenario(
        subject="{flow} disconnects callers after the greeting",
        description=(
            "Callers hear the greeting and are then cut off. Not all of them: some 5 of 100. In "
            "the flow there is a data action that looks the caller up in our CRM."
        ),
        impact="Some 200 callers a day have to call again.",
        priority=HIGH,
        hosting="cloud",
        log=FLOW_ERROR,
        has_conversation=True,
        steps=(
            take(),
            say(
                "Your log names it: the data action runs into its limit of 3 seconds, and its "
                "failure path is not connected."
            ),
            note("Their CRM: p95 2.6 s, p99 4.8 s over the last week. See dashboard."),
            propose(
                "Two things: connect the failure path to the queue without the lookup, and raise "
                "the timeout to 6 seconds. The first is what saves the calls."
            ),
            accept("Both done, and no caller lost since. We talk with the CRM people too."),
        ),
    ),
    Scenario(
        subject="Calls wait in {queue} although agents are free",
        description=(
            "Since the change of skills on Friday calls wait in {queue} for minutes while several "
            "agents are 'available'."
        ),
        impact="Service level is at 41 percent, agreed are 80.",
        priority=HIGH,
        steps=(
            take(),
            ask("Please name one call that waited and one agent who was free at that time."),
            write("{conversation}, and any of the second-level agents: all were idle."),
            say("The call asks for the skill 'Billing' at level 3; those agents have level 2."),
            propose("Lower the requirement in the flow to 2, or widen it after 30 seconds."),
            persist("We set 2 and it helps for new calls. Those already waiting still wait."),
            propose("A waiting call keeps what it asked for: they drain, and new ones are right."),
            accept(),
        ),
    ),
    Scenario(
        subject="Recordings of {queue} missing since the weekend",
        description=(
            "Our quality team finds no recordings of {queue} after Saturday. Other queues have "
            "theirs. The policy was not touched."
        ),
        impact="We are obliged to keep these calls; compliance asks daily.",
        priority=HIGH,
        steps=(
            take("I understand that this is a matter of compliance. First: are they lost or hid?"),
            note("Recordings exist. They carry no queue since division was changed on Saturday."),
            say("They are there: 1,204 of them. They moved with the queue to another division."),
            ask("Who in your team should see them? The role needs the new division."),
            write("The group 'Quality'. We did not know that the division has this effect."),
            propose("Add the division to the role of 'Quality'. Nothing is lost."),
            accept("All found. Please pass on our thanks."),
        ),
    ),
    Scenario(
        subject="Bulk export of recordings fails every night",
        description="The nightly export to our own storage fails since the key was rotated.",
        impact="Recordings are not archived; we have 30 days until it is a finding.",
        hosting="cloud",
        log=EXPORT,
        steps=(
            take(),
            say("The destination refuses the upload: the role we use may list, and not put."),
            ask("Could you compare the bucket policy with that of before the rotation?"),
            write("The new key has a policy of its own, without PutObject. Corrected."),
            note("Ran a test export with 10 recordings: fine."),
            propose("A test export went through. Tonight's run will take up the backlog."),
            accept("All nights are there."),
        ),
    ),
    Scenario(
        subject="Schedule for {site} publishes with wrong shift times",
        description=(
            "Shifts of agents at {site} are an hour late in the published schedule. In the draft "
            "they are right."
        ),
        impact="Agents come an hour late or call in the morning to ask.",
        steps=(
            take(),
            ask("Which time zone has the business unit, and which the management unit of {site}?"),
            write("The unit has the zone of head office; {site} is one hour off."),
            say("Then the draft shows head office time, and the publication local time."),
            engage("development", "The draft should name the zone; a request is filed."),
            resume("Development agrees and plans it. There is a way around until then."),
            propose("Give {site} a management unit with its own time zone; I attach the steps."),
            accept("Clear. We will do so with the next planning period."),
        ),
    ),
    Scenario(
        subject="Forecast for {queue} ignores last year's peak",
        description="The forecast for next month is flat although we had a peak last year.",
        impact="Planning for the season starts in two weeks.",
        priority=LOW,
        steps=(
            take(),
            say("For an automatic method 52 weeks of history are needed; {queue} has 47."),
            write("The queue was renamed then. Before it was another one."),
            propose("Import the history of the old queue as a file; the format is in the guide."),
            accept("Imported, the peak is there."),
        ),
    ),
    Scenario(
        subject="{flow}: changes are not live after publishing",
        description=(
            "We published version 12 an hour ago and callers still hear the old holiday greeting."
        ),
        impact="We tell our customers that we are closed, and are open.",
        priority=HIGH,
        steps=(
            take(),
            say("Version 12 is live. The greeting comes from a prompt, in two languages."),
            ask("Which language is set for the number that callers dial?"),
            write("English (UK). We changed English (US) only!"),
            propose("Record the greeting for English (UK) too, or set one language as default."),
            accept(),
        ),
    ),
    Scenario(
        subject="Chat messages arrive minutes late",
        description=(
            "Web chat answers of our agents reach the customer after one to three minutes. Began "
            "today at about 10."
        ),
        impact="Customers give up: 60 percent of chats are abandoned.",
        priority=CRITICAL,
        hosting="cloud",
        steps=(
            take("I have it. Two more reports from the same region: engaging the platform team."),
            engage("cloud_operations", "A message queue in the region is behind; it is being fed."),
            note("Status page entry is drafted. Four customers so far, all in this region."),
            resume("The backlog is worked off; delivery takes under a second again."),
            severity(HIGH, "Restored for all customers of the region; under observation."),
            propose("Normal for three hours. Messages of the gap were all delivered, late."),
            accept("We see it too. We would like a written cause later."),
        ),
    ),
    Scenario(
        subject="E-mails to {queue} bounce",
        description="Customers get 'mailbox unavailable' when they write to our service address.",
        impact="E-mail is the second largest channel; we count 90 bounces today.",
        priority=MEDIUM,
        hosting="cloud",
        steps=(
            take(),
            ask("Please attach one full bounce with its headers."),
            write("See below: 550 5.1.1, and the route of the domain was deleted, I think."),
            say("Yes: with the clean-up of the domain its inbound route went too."),
            propose("I have described how to add the route again; it works within a minute."),
            accept("Works again."),
            reopen("The same for our second domain, since today."),
            say("It was part of the same clean-up. The same steps help."),
            propose("Please add its route too, and look through the other four domains."),
            close("All six are set up now.", by_contact=True),
        ),
    ),
)
