def breach_of(leave):
    return ""
