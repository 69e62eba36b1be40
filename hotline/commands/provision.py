"""``hotline twiml-bin``: what is to be pasted at Twilio, and where."""

from collections.abc import Mapping

from hotline.runtime.wiring import open_application
from hotline.settings.load import load_settings
from hotline.telephony.twiml.twiml_bin import Whose, twiml_bin


def bin_text(environ: Mapping[str, str], whose: Whose = Whose.CALLS) -> str:
    """The text of a TwiML Bin of this line. Connects to nothing. Raises SettingsProblems."""
    settings = load_settings(environ)
    return twiml_bin(open_application(settings).application.prompts, settings.centre, whose)
