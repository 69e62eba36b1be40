"""Every sentence that a human hears or reads."""

from hotline.prompts.lengths import seconds
from hotline.prompts.prompts import Prompts, Utterance, load, version_of
from hotline.prompts.recordings import RecordedPrompt
from hotline.prompts.shipped import PromptMissing

__all__ = ["PromptMissing", "Prompts", "RecordedPrompt", "Utterance", "load", "seconds", "version_of"]
