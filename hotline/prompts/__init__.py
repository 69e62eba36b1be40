"""Every sentence that a human hears or reads."""

from hotline.prompts.lengths import seconds
from hotline.prompts.prompts import Prompts, Utterance, load
from hotline.prompts.recordings import Recording
from hotline.prompts.shipped import PromptMissing

__all__ = ["PromptMissing", "Prompts", "Recording", "Utterance", "load", "seconds"]
