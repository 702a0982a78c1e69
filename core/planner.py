"""What the planner of the database knows of the tables."""

from django.db import connection


def refresh_statistics():
    """After a load in bulk: PostgreSQL chooses its plans by the rows it believes there are.

    Autovacuum counts them again a minute later; until then our longest sentences take a hundred times their time.
    SQLite plans by the indexes alone.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
