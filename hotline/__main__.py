"""``python -m hotline`` is the ``hotline`` command."""

import sys

from hotline.commands.cli import main

sys.exit(main())
