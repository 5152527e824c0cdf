"""Fitted data of the English detector."""
