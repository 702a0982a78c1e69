"""The weekly CRA: drafted from the week's facts, edited, sent, consolidated; each sentence knows its sources."""
