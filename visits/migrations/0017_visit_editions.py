from django.db import migrations, models
from django.db.models import F


def as_typed(apps, schema_editor):
    """A page opened before says which entry it started from: drafts keep the count that they had."""
    apps.get_model("visits", "Visit").objects.filter(report_status="draft").update(edition=F("version"))


class Migration(migrations.Migration):
    dependencies = [
        ("visits", "0016_practice_origins"),
    ]

    operations = [
        migrations.AddField(
            model_name="visit",
            name="edition",
            field=models.PositiveIntegerField(default=1, editable=False, verbose_name="saisies"),
        ),
        migrations.RunPython(as_typed, migrations.RunPython.noop),
    ]
