"""The functions of the workflow."""
