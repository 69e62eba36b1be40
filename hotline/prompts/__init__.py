"""Every sentence that a human hears or reads."""

from hotline.prompts.prompts import PromptMissing, Prompts, load, seconds

__all__ = ["PromptMissing", "Prompts", "load", "seconds"]
