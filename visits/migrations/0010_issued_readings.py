from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("visits", "0009_issued_reports"),
    ]

    operations = [
        migrations.AlterField(
            model_name="issuedreport",
            name="reading",
            field=models.CharField(
                choices=[
                    ("interne", "interne au service"),
                    ("etablissement", "transmise à l’établissement"),
                    ("elu", "pour les élus"),
                ],
                max_length=20,
                verbose_name="lecture",
            ),
        ),
    ]
