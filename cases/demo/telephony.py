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
            "Since this morning about a third of the outbound calls over {trunk} end after a "
            "second. The agent hears a fast busy tone. Inbound calls are fine. Nothing was changed "
            "on our side; the carrier says that their side is green."
        ),
        impact="Call-backs promised to customers in {queue} cannot be made.",
        priority=HIGH,
        log=SIP_503,
        steps=(
            take("I am looking at the trunk's signalling now."),
            say(
                "The 503 comes from the second of your carrier's two border controllers. Calls "
                "that are routed to the first one succeed. That fits the third you see."
            ),
            note("Checked the same carrier with two other customers: not affected. One SBC only."),
            ask("Could you ask the carrier to check the node that answers with Retry-After: 30?"),
            write("They found one controller at its session limit and take it out of rotation."),
            propose(
                "With the node out of rotation we have seen 412 outbound calls and no 503. "
                "The carrier should confirm before it is put back."
            ),
            accept("Confirmed by the carrier. Thank you."),
        ),
    ),
    Scenario(
        subject="One-way audio for agents at {site}",
        description=(
            "Agents at {site} can hear the customer, the customer hears nothing. It happens on "
            "every call that is answered at {site}; agents who work from home are not affected."
        ),
        impact="{queue} is served by half of its agents, and waiting times have doubled.",
        priority=HIGH,
        has_conversation=True,
        steps=(
            take("Thank you for the conversation ID. I start with the media of that call."),
            ask("Was a firewall at {site} changed in the last days? Please name UDP ranges too."),
            write("Yes, on Sunday. I attach what our monitoring says of the call.", ONE_WAY),
            say("That shows it: no packet of the agent's leg reaches us. The way out is closed."),
            propose("Please allow outbound UDP 16384-32768 from the agents' network."),
            persist("Better, but still every tenth call is silent."),
            say("Those calls leave by your second line, which has a rule set of its own."),
            propose("The same rule is needed on the backup line's firewall."),
            accept(),
        ),
    ),
    Scenario(
        subject="WebRTC phone does not register behind the new proxy",
        description=(
            "At {site} the browser phone stays at 'connecting'. Chrome and Edge, current versions. "
            "With a mobile hotspot it works at once."
        ),
        impact="22 agents work by hotspot, which is against our policy.",
        hosting="cloud",
        log=ICE,
        steps=(
            take(),
            say(
                "Your log has no relay candidate: the proxy lets TURN over UDP time out, and TCP "
                "is not tried since the proxy inspects TLS."
            ),
            ask("Can the media and TURN hosts be exempted from inspection at {site}?"),
            write("Our network team can do it for named hosts, not for wildcards."),
            note("List of hosts for their region is in the internal guide, section 4."),
            propose("The list of named hosts is attached. UDP 3478 and TCP 443 are needed.", None),
            accept("Works at {site} for all 22."),
        ),
    ),
    Scenario(
        subject="All inbound numbers of {site} give a busy signal",
        description=(
            "No inbound call arrives since about twenty minutes. All numbers of {site}. "
            "Callers get a busy signal. Outbound calls work."
        ),
        impact="The hotline is down. This is our only channel for emergencies.",
        priority=CRITICAL,
        steps=(
            take("I have the case and the call with you is open. First look: trunk state."),
            note("Trunk shows in service on both sides. Inbound INVITEs do not arrive at all."),
            engage("other", "The carrier checks number routing on their side.", "Your carrier"),
            resume("The carrier found a routing change of last night and rolls it back."),
            say("Inbound calls arrive again: the first five were answered in {queue}."),
            severity(HIGH, "Service is restored; we watch it and wait for the carrier's report."),
            propose("Inbound traffic is normal for two hours. The cause was the carrier's change."),
            accept("Agreed. We take the rest up with the carrier."),
        ),
    ),
    Scenario(
        subject="Calls drop after 15 minutes",
        description=(
            "Long calls drop at 15 minutes, to the second. Short calls are fine. It began with the "
            "change to {trunk}."
        ),
        impact="Claims calls take 25 minutes on average; customers must call twice.",
        has_conversation=True,
        steps=(
            take(),
            say("Fifteen minutes is the session timer. I look at who does not refresh it."),
            note("re-INVITE at 900 s is answered with 488 by the peer: codec not in first offer."),
            ask("Which codecs does the peer of {trunk} offer? Please send the list in order."),
            write("G.729 and then G.711 A-law."),
            propose("Put G.711 first on {trunk}: the refresh is then answered with 200."),
            accept("No drop in two days."),
            reopen("It is back since the firmware update of the gateway on Monday."),
            ask("Did the update put the codec list back to its default?"),
            write("It did. We have set it again."),
            close("Set again, and calls of 40 minutes hold.", by_contact=True),
        ),
    ),
    Scenario(
        subject="DTMF digits are doubled in {flow}",
        description=(
            "Callers who press 1 land in the menu for 11. Not all callers: it seems to be those "
            "of one mobile provider."
        ),
        impact="About one caller in eight ends in the wrong queue.",
        has_conversation=True,
        steps=(
            take(),
            ask("Please send two conversation IDs: one that went wrong and one that went well."),
            write("Wrong: {conversation}. The good ones have no digits in the log at all?"),
            say(
                "In the wrong one the digit arrives twice: as an RFC 4733 event and as tone in the "
                "audio. The trunk detects both."
            ),
            propose("Set the trunk's DTMF method to RTP events only. I checked it in a test flow."),
            accept("Fixed. Thanks for the quick analysis."),
        ),
    ),
    Scenario(
        subject="Voice quality poor from {site} in the afternoon",
        description=(
            "Between 14:00 and 17:00 agents at {site} and customers complain about choppy audio. "
            "In the morning all is well."
        ),
        impact="Handling time is up by 20 percent in the afternoon.",
        priority=MEDIUM,
        steps=(
            take(),
            say("MOS drops to 2.9 from 14:05 on, with jitter above 60 ms on your uplink only."),
            ask("Is there a backup or a transfer job that runs at 14:00?"),
            write("The file replication to the second site. I had not thought of it."),
            propose("Mark voice as EF and give it priority on the uplink, or move the job."),
            persist("Priority is set; the peaks are smaller but still there."),
            note("Their switch strips the mark. Seen in the capture, hop 2."),
            propose("The access switch resets the mark: trust DSCP on the agents' ports."),
            accept("That was it. MOS 4.2 all afternoon."),
        ),
    ),
    Scenario(
        subject="Caller name missing on transferred calls",
        description="On a consult transfer the second agent sees the first agent, not the caller.",
        impact="Agents ask for the name again. A nuisance, no more.",
        priority=LOW,
        steps=(
            take(),
            say("This is how the station shows it while the consult lasts; after it, it changes."),
            write("We see that it does not change on desk phones, only in the browser."),
            engage("development", "Desk phones do not take the update after a transfer."),
            say("Development has it for the next firmware of the phones."),
            resume("The firmware is out."),
            propose("Please update one phone and try a consult transfer."),
            close("Three weeks without a word on the proposal; it can be reopened any time."),
        ),
    ),
)
