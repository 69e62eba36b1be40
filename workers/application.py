"""This process's application: opened once, from the environment. A forked child reuses it; connections are made
anew."""

from __future__ import annotations

import os
from functools import cache

from hotline.runtime.wiring import Wiring, open_checked
from hotline.settings.load import load_settings


@cache
def opened() -> Wiring:
    """Raises SettingsProblems or Unsealable the first time."""
    return open_checked(load_settings(os.environ))
