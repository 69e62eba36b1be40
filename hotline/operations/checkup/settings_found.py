"""What is set up so that it may be taken in, and yet be meant otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from hotline.durations import short_duration
from hotline.model import Language
from hotline.operations.checkup.finding import Finding, Topic, doubtful, good, wrong
from hotline.operations.watching.sample_numbers import in_settings
from hotline.settings.centre import Opening, SecondStep
from hotline.settings.keeping_settings import SIX_YEARS
from hotline.settings.load import Settings
from hotline.worded import worded


def settings(given: Settings, *, on_postgresql: bool) -> Iterator[Finding]:
    """Of settings that could be read."""
    found = [
        *_examples(given),
        *_choices(given, on_postgresql=on_postgresql),
        *_kept(given),
        *_call_me(given),
    ]
    yield from found or [good(Topic.SETTINGS, "settings", worded("All settings can be read."))]


def unreadable(problems: tuple[str, ...]) -> Iterator[Finding]:
    """Of settings that could not: nothing else can be looked at then."""
    for one in problems:
        yield wrong(
            Topic.SETTINGS,
            "settings.problem",
            one,
            worded(
                "What runs goes on as it was started. Nothing starts with these settings: whoever calls then hears "
                "what the carrier says by itself."
            ),
            worded("Mend it in the environment or in hotline.toml (docs/settings.md), then look again."),
        )


def _examples(given: Settings) -> Iterator[Finding]:
    for one in in_settings(given):
        yield wrong(
            Topic.SETTINGS,
            "settings.example",
            one,
            worded("Nobody can call, or nobody is reached when nothing else works."),
            worded("Write your own, then restart."),
        )


def _choices(given: Settings, *, on_postgresql: bool) -> Iterator[Finding]:
    centre = given.centre
    if centre.callbacks.opening is Opening.KEY and not centre.line.registered_name:
        yield wrong(
            Topic.SETTINGS,
            "settings.registered_name",
            worded('[callbacks] opening is "key", and [line] registered_name is empty.'),
            worded(
                "A machine of yours calls people without saying who calls, which 47 CFR 64.1200(b) forbids, "
                "and which they "
                "hang up on."
            ),
            worded("Write the name under which the business is registered into [line] registered_name."),
        )
    if centre.console.second_step is not SecondStep.REQUIRED:
        yield doubtful(
            Topic.SETTINGS,
            "settings.second_step",
            worded("Staff can sign in with a password alone ([console] second_step)."),
            worded("Whoever learns one password reads what callers have written."),
            worded('[console] second_step = "required": whoever has none sets it up at the next sign-in.'),
        )
    if given.metrics_token is None:
        yield doubtful(
            Topic.SETTINGS,
            "settings.metrics",
            worded("No METRICS_TOKEN is set: no monitoring of yours can read how the line is."),
            worded("When something breaks at night, it is noticed by whoever looks."),
            worded("Set METRICS_TOKEN, and let your monitoring read /metrics and /health/ready."),
        )
    if given.twilio_auth_token_secondary is not None:
        yield doubtful(
            Topic.SETTINGS,
            "settings.second_token",
            worded("A second auth token is accepted (TWILIO_AUTH_TOKEN_SECONDARY)."),
            worded("None; but whoever has an old token can still pretend to be the carrier."),
            worded("When the tokens are changed over, take it out."),
        )
    if len(given.data_keys) > 1:
        yield doubtful(
            Topic.SETTINGS,
            "settings.old_key",
            worded("HOTLINE_DATA_KEY has an old key in it."),
            worded(
                "None; but until everything is sealed anew, an old key that got into wrong hands still opens it."
            ),
            worded("`hotline key rotate`, then take the old key out when it says so."),
        )
    spoken = {language for language, _ in given.wording.recordings}
    if Language.HT in centre.line.languages and Language.HT not in spoken:
        yield doubtful(
            Topic.WORDS,
            "words.no_creole_voice",
            worded("Haitian Creole is on, without recordings: a French voice reads it."),
            worded("Some of whoever chose Creole will not understand what to do in an emergency."),
            worded("Have it recorded: docs/languages.md says how."),
        )
    if on_postgresql and given.embedded_redis:
        yield doubtful(
            Topic.SETTINGS,
            "settings.redis",
            worded("The database is a PostgreSQL server, and Redis this machine's own."),
            worded(
                "None on one machine. On several, each machine's workers get only its own hints: pages "
                "leave some seconds "
                "later."
            ),
            worded("With several machines, set REDIS_URL to one Redis for all."),
        )


def _kept(given: Settings) -> Iterator[Finding]:
    """Of what is removed for good earlier than whoever owes an accounting may."""
    kept = given.centre.retention
    for key, lasting in (("cases", kept.cases), ("accounts", kept.accounts)):
        if lasting and lasting < SIX_YEARS:
            yield doubtful(
                Topic.SETTINGS,
                "settings.retention",
                worded(
                    "[retention] %(key)s is %(lasting)s: what is older is removed for good, each night.",
                    key=key,
                    lasting=short_duration(lasting),
                ),
                worded("Whoever asks within six years who has seen what they told you can't be answered."),
                worded(
                    "If you owe an accounting of disclosures (HIPAA), make it 2192d, as it is by itself, or more "
                    "(docs/privacy.md)."
                ),
            )


def _call_me(given: Settings) -> Iterator[Finding]:
    """Of the form on which anybody asks to be called, if it is there."""
    form = given.centre.call_me
    if not form.open:
        return
    if not given.public_base_url.startswith("https:"):
        yield wrong(
            Topic.SETTINGS,
            "settings.call_me_open",
            worded('The "call me" form is open, and PUBLIC_BASE_URL has no https.'),
            worded("Whoever listens on the way reads who asks for a call."),
            worded("Put TLS before it (docs/deploying.md), or close it: [call_me] open = false."),
        )
    if not form.privacy:
        yield doubtful(
            Topic.SETTINGS,
            "settings.call_me_privacy",
            worded('The "call me" form is open, and links to no page on privacy.'),
            worded("They agree to calls and texts without a word on what becomes of what they write."),
            worded(
                "Write its address into [call_me] privacy; the carrier's registration asks for such a page, too."
            ),
        )
    if not form.sites:
        yield doubtful(
            Topic.SETTINGS,
            "settings.call_me_sites",
            worded('The "call me" form is open, and no website may show it in a frame.'),
            worded("None where it is linked; in a frame nothing is seen."),
            worded("Name your website in [call_me] sites, or keep it as a page for a link."),
        )
