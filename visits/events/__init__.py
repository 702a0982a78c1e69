"""Events of a house: facts to tell, incidents, alerts; who was told and when, what the law asks (domain 5.9, 2.11)."""
