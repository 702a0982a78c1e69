from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dashboard', '0002_weekly_sections'),
    ]

    operations = [
        migrations.AlterField(
            model_name='weeklyline',
            name='section',
            field=models.CharField(choices=[('evenements', 'Faits marquants et alertes'), ('visites', 'Visites et comptes rendus'), ('etablissements', 'Directions et lieux d’accueil'), ('actions', 'Actions'), ('equipes', 'Équipes'), ('activite', 'Activité'), ('suite', 'La semaine suivante')], max_length=20, verbose_name='rubrique'),
        ),
    ]
