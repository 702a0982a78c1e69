"""What arrives from devices that were out of reach: field by field, once, and nothing lost (ADR 0030)."""
