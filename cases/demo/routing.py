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
            "Callers hear the greeting and then get cut off. Not everyone: about 5 in 100. "
            "The flow has a data action that looks the caller up in our CRM."
        ),
        impact="About 200 callers a day have to call again.",
        priority=HIGH,
        hosting="cloud",
        log=FLOW_ERROR,
        has_conversation=True,
        steps=(
            take(),
            say(
                "It's in your log: the data action hits its limit of 3 seconds, and its "
                "failure path isn't connected."
            ),
            note("Their CRM: p95 2.6 s, p99 4.8 s over the last week. See dashboard."),
            propose(
                "Two things: connect the failure path to the queue without the lookup, and "
                "raise the timeout to 6 seconds. The first one is what saves the calls."
            ),
            accept(
                "Both done, and we haven't lost a caller since. We'll talk to the CRM team too."
            ),
        ),
    ),
    Scenario(
        subject="Calls wait in {queue} while agents are free",
        description=(
            "Since we changed skills on Friday, calls have been waiting in {queue} for "
            "minutes while several agents are 'available'."
        ),
        impact="Service level is at 41 percent; the target is 80.",
        priority=HIGH,
        steps=(
            take(),
            ask("Could you give me one call that waited and one agent who was free at the time?"),
            write("Try {conversation}, and any of the second-level agents: they were all idle."),
            say("The call asks for the 'Billing' skill at level 3; those agents are at level 2."),
            propose("Lower the requirement in the flow to 2, or relax it after 30 seconds."),
            persist(
                "We set it to 2 and new calls are fine, but those already waiting are still stuck."
            ),
            propose(
                "Waiting calls keep the skill level they came with. They'll drain; new ones "
                "are fine."
            ),
            accept(),
        ),
    ),
    Scenario(
        subject="Recordings of {queue} missing since the weekend",
        description=(
            "Our quality team can't find any recordings of {queue} after Saturday. Other "
            "queues are fine, and nobody touched the policy."
        ),
        impact="We're required to keep these calls; compliance asks about them every day.",
        priority=HIGH,
        steps=(
            take(
                "I understand this is urgent for compliance. First question: are they lost or "
                "hidden?"
            ),
            note(
                "Recordings exist, but have had no queue since the division was changed on "
                "Saturday."
            ),
            say("They're all there, 1,204 of them. They moved to another division with the queue."),
            ask("Who on your team should see them? Their role needs the new division."),
            write("The 'Quality' group. We didn't know that changing the division would do that."),
            propose(
                "Please add the division to the 'Quality' group's role. Nothing has been lost."
            ),
            accept("Found them all. Please pass on our thanks!"),
        ),
    ),
    Scenario(
        subject="Bulk export of recordings fails every night",
        description="The nightly export to our own storage has failed since the key was rotated.",
        impact="Recordings aren't being archived; in 30 days this becomes an audit finding.",
        hosting="cloud",
        log=EXPORT,
        steps=(
            take(),
            say("The destination is refusing the upload: the role we use can list, but not put."),
            ask("Could you compare the bucket policy with the one from before the rotation?"),
            write("The new key has its own policy, without PutObject. Fixed."),
            note("Ran a test export of 10 recordings, no problems."),
            propose("A test export went through. Tonight's run will pick up the backlog."),
            accept("Every night is there now, thanks."),
        ),
    ),
    Scenario(
        subject="Published schedule for {site} has wrong shift times",
        description=(
            "Shifts for agents at {site} are an hour late in the published schedule. In the "
            "draft they're correct."
        ),
        impact="Agents come in an hour late, or call in the morning to check.",
        steps=(
            take(),
            ask(
                "Which time zones are set for the business unit and the management unit of {site}?"
            ),
            write("The management unit uses head office's time zone; {site} is one hour off."),
            say("That's why: the draft shows head office time, the published schedule local time."),
            engage("development", "The draft should name the time zone; I've filed a request."),
            resume("Development has agreed and planned it. There's a workaround until then."),
            propose(
                "Give {site} its own management unit and time zone; the steps are in the guide."
            ),
            accept("Makes sense. We'll do that for the next planning period."),
        ),
    ),
    Scenario(
        subject="Forecast for {queue} ignores last year's peak",
        description="The forecast for next month is flat, even though we had a peak last year.",
        impact="Seasonal planning starts in two weeks.",
        priority=LOW,
        steps=(
            take(),
            say("The automatic method needs 52 weeks of history, and {queue} only has 47."),
            write("We renamed the queue back then. Before that it was a different one."),
            propose(
                "You can import the old queue's history from a file; the format is in the guide."
            ),
            accept("Imported, and the peak is there."),
        ),
    ),
    Scenario(
        subject="{flow}: changes not live after publishing",
        description=(
            "We published version 12 an hour ago, but callers still hear the old holiday greeting."
        ),
        impact="We're telling customers we're closed when we're open.",
        priority=HIGH,
        steps=(
            take(),
            say(
                "Version 12 is live. The greeting comes from a prompt that exists in two languages."
            ),
            ask("Which language is set for the number your callers dial?"),
            write("English (UK). We only changed English (US)!"),
            propose(
                "Record the greeting for English (UK) too, or set one language as the default."
            ),
            accept(),
        ),
    ),
    Scenario(
        subject="Chat messages arrive minutes late",
        description=(
            "Our agents' web chat replies take one to three minutes to reach the customer. It "
            "started today at about 10."
        ),
        impact="Customers are giving up: 60 percent of chats are abandoned.",
        priority=CRITICAL,
        hosting="cloud",
        steps=(
            take(
                "I'm on it. There are two more reports from this region, so I'm bringing in "
                "the platform team."
            ),
            engage(
                "cloud_operations",
                "A message queue in the region has fallen behind; they're working on it.",
            ),
            note("Status page entry drafted. Four customers so far, all in this region."),
            resume("The backlog is cleared; delivery takes less than a second again."),
            severity(HIGH, "Restored for all customers in the region; we're keeping an eye on it."),
            propose("It's been normal for three hours. The delayed messages were all delivered."),
            accept("Looks good here too. We'd like a written root cause later on."),
        ),
    ),
    Scenario(
        subject="E-mails to {queue} bounce",
        description="Customers get 'mailbox unavailable' when they write to our service address.",
        impact="E-mail is our second largest channel; we've counted 90 bounces today.",
        priority=MEDIUM,
        hosting="cloud",
        steps=(
            take(),
            ask("Could you attach one full bounce with its headers?"),
            write("See below: 550 5.1.1. I think the domain's route got deleted."),
            say("It did: the inbound route was removed when the domain was cleaned up."),
            propose("The guide shows how to add the route again; it takes effect within a minute."),
            accept("That did it, thanks."),
            reopen("Same problem with our second domain, since today."),
            say("It went in the same clean-up, so the same steps will fix it."),
            propose(
                "Please add its route too, and check the other four domains while you're at it."
            ),
            close("All six are set up now, thanks.", by_contact=True),
        ),
    ),
)
