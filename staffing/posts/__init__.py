"""Posts budgeted, filled, present; vacancies by places at risk; recruitment, risks at work, disciplinary dates."""
