"""Campaigns at work: votes a second, opinion groups, and a whole campaign of 10,000 people from draft to report."""
