"""Scripts about calls: trunks, audio, phones in the browser."""

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

SIP_503 = Log(
    "sip-trunk.log",
    """\
08:14:02.118 trunk={trunk} -> INVITE sip:+1555010044@carrier.example;user=phone
08:14:02.161 trunk={trunk} <- SIP/2.0 100 Trying
08:14:02.902 trunk={trunk} <- SIP/2.0 503 Service Unavailable
08:14:02.902 trunk={trunk}    Retry-After: 30
08:14:02.904 trunk={trunk}    route attempt 2 of 2 failed, call cleared cause=34
""",
)
ICE = Log(
    "browser-console.log",
    """\
[09:41:07] webrtc session created, 2 candidates gathered (host, srflx)
[09:41:07] relay candidate: none (turn udp/3478 timed out)
[09:41:19] iceConnectionState: checking -> failed
[09:41:19] persistent connection lost, retry 1 of 5
""",
)
ONE_WAY = Log(
    "rtp-statistics.csv",
    """\
leg,codec,packets_sent,packets_received,loss_percent,jitter_ms
carrier,PCMU,4412,4398,0.3,4.1
agent,PCMU,4398,0,100.0,0.0
""",
)

SCENARIOS = (
    Scenario(
        subject="Outbound calls over {trunk} fail with 503",
        description=(
            "Since this morning, about a third of our outbound calls over {trunk} drop after "
            "a second. The agent hears a fast busy tone. Inbound calls are fine. Nothing has "
            "changed on our side, and the carrier says everything is green on theirs."
        ),
        impact="We can't make the call-backs we promised customers in {queue}.",
        priority=HIGH,
        log=SIP_503,
        steps=(
            take("I'm looking at the trunk's signalling now."),
            say(
                "The 503 comes from the second of your carrier's two border controllers. "
                "Calls routed to the first one go through, which fits the third you're "
                "seeing."
            ),
            note("Checked two other customers with the same carrier: not affected. One SBC only."),
            ask("Could you ask the carrier to check the node that answers with Retry-After: 30?"),
            write(
                "They found one controller at its session limit and are taking it out of rotation."
            ),
            propose(
                "With that node out of rotation we've seen 412 outbound calls and not a "
                "single 503. Please have the carrier confirm the fix before they put it back."
            ),
            accept("The carrier has confirmed. Thank you!"),
        ),
    ),
    Scenario(
        subject="One-way audio for agents at {site}",
        description=(
            "Agents at {site} can hear the customer, but the customer hears nothing. It "
            "happens on every call answered at {site}; agents working from home aren't "
            "affected."
        ),
        impact="Only half of the agents can take {queue} calls, and waiting times have doubled.",
        priority=HIGH,
        has_conversation=True,
        steps=(
            take("Thanks for the conversation ID. I'll start with that call's media."),
            ask("Did a firewall at {site} change in the last few days? Which UDP ranges are open?"),
            write("Yes, on Sunday. Here's what our monitoring shows for the call.", ONE_WAY),
            say("That's it: no packets from the agent's leg reach us. Outbound is blocked."),
            propose("Please allow outbound UDP 16384-32768 from the agents' network."),
            persist("Better, but every tenth call is still silent."),
            say("Those calls go out over your second line, which has its own rule set."),
            propose("Please add the same rule on the backup line's firewall."),
            accept(),
        ),
    ),
    Scenario(
        subject="WebRTC phone won't register behind the new proxy",
        description=(
            "At {site} the browser phone is stuck at 'connecting', in current versions of "
            "Chrome and Edge. On a mobile hotspot it works right away."
        ),
        impact="22 agents are working over hotspots, which is against our policy.",
        hosting="cloud",
        log=ICE,
        steps=(
            take(),
            say(
                "There's no relay candidate in your log: TURN over UDP times out at the "
                "proxy, and TCP isn't tried because the proxy inspects TLS."
            ),
            ask("Can you exempt the media and TURN hosts from inspection at {site}?"),
            write("Our network team can do that for named hosts, but not for wildcards."),
            note("The host list for their region is in the internal guide, section 4."),
            propose(
                "I've attached the list of named hosts. You'll need UDP 3478 and TCP 443.", None
            ),
            accept("It works for all 22 agents at {site} now."),
        ),
    ),
    Scenario(
        subject="All inbound numbers of {site} give a busy signal",
        description=(
            "No inbound calls have come in for about twenty minutes, on any number of {site}. "
            "Callers get a busy signal. Outbound calls work."
        ),
        impact="The hotline is down, and it's our only channel for emergencies.",
        priority=CRITICAL,
        steps=(
            take("I've got the case and I'm on the line with you. Checking the trunk state first."),
            note("Trunk shows in service on both sides. Inbound INVITEs aren't arriving at all."),
            engage(
                "other", "The carrier is checking number routing on their side.", "Your carrier"
            ),
            resume("The carrier found a routing change from last night and is rolling it back."),
            say("Inbound calls are coming in again: the first five were answered in {queue}."),
            severity(
                HIGH,
                "Service is restored; we're monitoring it and waiting for the carrier's report.",
            ),
            propose(
                "Inbound traffic has been normal for two hours. The carrier's change was the cause."
            ),
            accept("Agreed. We'll take the rest up with the carrier."),
        ),
    ),
    Scenario(
        subject="Calls drop after 15 minutes",
        description=(
            "Long calls drop at exactly 15 minutes. Short calls are fine. It started with the "
            "change to {trunk}."
        ),
        impact="Claims calls take 25 minutes on average, so customers have to call twice.",
        has_conversation=True,
        steps=(
            take(),
            say("Fifteen minutes is the session timer. I'll find out who isn't refreshing it."),
            note("re-INVITE at 900 s gets a 488 from the peer: codec not in first offer."),
            ask("Which codecs does the peer on {trunk} offer? Please send the list in order."),
            write("G.729, then G.711 A-law."),
            propose("Put G.711 first on {trunk}; the refresh will then get a 200."),
            accept("No drops in two days."),
            reopen("It's back since Monday's firmware update on the gateway."),
            ask("Did the update reset the codec list to its default?"),
            write("It did. We've changed it back."),
            close("That fixed it: calls of 40 minutes hold.", by_contact=True),
        ),
    ),
    Scenario(
        subject="DTMF digits are doubled in {flow}",
        description=(
            "Callers who press 1 end up in the menu for 11. Not everyone: it seems to be "
            "customers of one mobile provider."
        ),
        impact="About one caller in eight ends up in the wrong queue.",
        has_conversation=True,
        steps=(
            take(),
            ask("Could you send two conversation IDs: one that went wrong and one that worked?"),
            write(
                "Here's a bad one: {conversation}. The good ones have no digits in the log at all?"
            ),
            say(
                "In the bad one the digit arrives twice: as an RFC 4733 event and as a tone "
                "in the audio. The trunk detects both."
            ),
            propose(
                "Please set the trunk's DTMF method to RTP events only. It worked in a test flow."
            ),
            accept("Fixed. Thanks for the quick help!"),
        ),
    ),
    Scenario(
        subject="Poor voice quality at {site} in the afternoon",
        description=(
            "Between 14:00 and 17:00, agents at {site} and their customers complain about "
            "choppy audio. Mornings are fine."
        ),
        impact="Handling time goes up by 20 percent in the afternoon.",
        priority=MEDIUM,
        steps=(
            take(),
            say("MOS drops to 2.9 from 14:05, with jitter above 60 ms on your uplink only."),
            ask("Is there a backup or transfer job that runs at 14:00?"),
            write("File replication to the second site. I hadn't thought of that."),
            propose("Please mark voice as EF and prioritise it on the uplink, or move the job."),
            persist("We've set the priority; the peaks are smaller, but still there."),
            note("Their switch strips the marking. Seen in the capture, hop 2."),
            propose(
                "The access switch resets the marking: please trust DSCP on the agents' ports."
            ),
            accept("That was it. MOS 4.2 all afternoon."),
        ),
    ),
    Scenario(
        subject="Caller name missing on transferred calls",
        description=(
            "On a consult transfer, the second agent sees the first agent's name, not the caller's."
        ),
        impact="Agents have to ask for the name again. A nuisance, nothing more.",
        priority=LOW,
        steps=(
            take(),
            say(
                "That's how the station shows it during the consult; it changes after the transfer."
            ),
            write("It does in the browser, but not on our desk phones."),
            engage("development", "Desk phones don't pick up the update after a transfer."),
            say("Development plans a fix for the phones' next firmware."),
            resume("The new firmware is out."),
            propose("Please update one phone and try a consult transfer."),
            close(
                "I haven't heard back for three weeks, so I'm closing this. You can reopen it "
                "any time."
            ),
        ),
    ),
)
