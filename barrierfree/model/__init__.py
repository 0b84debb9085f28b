"""The nouns: frozen pydantic models and enums that every room speaks in."""
