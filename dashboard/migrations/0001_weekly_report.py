import core.constraints
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('establishments', '0003_words_of_the_pack'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='WeeklyReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('last_on', models.DateField(verbose_name='semaine close le')),
                ('status', models.CharField(choices=[('draft', 'en rédaction'), ('sent', 'envoyé')], default='draft', max_length=10, verbose_name='état')),
                ('drafted_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='rédigé le')),
                ('sent_at', models.DateTimeField(editable=False, null=True, verbose_name='envoyé le')),
                ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='version')),
                ('fingerprint', models.CharField(blank=True, editable=False, max_length=64, verbose_name='empreinte')),
                ('sent_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('territory', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='weekly_reports', to='establishments.territory', verbose_name='territoire')),
            ],
            options={
                'verbose_name': 'CRA hebdomadaire',
                'verbose_name_plural': 'CRA hebdomadaires',
                'ordering': ['-last_on', 'territory__name', 'pk'],
                'constraints': [
                    models.UniqueConstraint(fields=('territory', 'last_on'), name='weekly_report_once', violation_error_message='Le CRA de cette semaine existe déjà.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('fingerprint', ''), ('sent_at__isnull', True), ('sent_by__isnull', True), ('status', 'draft')), models.Q(('sent_at__isnull', False), ('sent_by__isnull', False), ('status', 'sent'), models.Q(('fingerprint', ''), _negated=True)), _connector='OR'), name='weekly_report_sent_stamp', violation_error_message='Un CRA envoyé porte qui l’a envoyé, quand et son empreinte.'),
                    core.constraints.Frozen(insert=False, name='weekly_report_frozen', violation_error_message='Un CRA envoyé ne change plus.', when="{row}.status = 'sent'"),
                ],
            },
        ),
        migrations.CreateModel(
            name='WeeklyLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=80, verbose_name='phrase')),
                ('section', models.CharField(choices=[('visites', 'Visites et comptes rendus'), ('etablissements', 'Directions et établissements'), ('actions', 'Actions'), ('equipes', 'Équipes'), ('activite', 'Activité'), ('suite', 'La semaine suivante')], max_length=20, verbose_name='rubrique')),
                ('position', models.PositiveSmallIntegerField(verbose_name='ordre')),
                ('proposed', models.TextField(blank=True, verbose_name='texte proposé')),
                ('text', models.TextField(blank=True, verbose_name='texte')),
                ('is_left_out', models.BooleanField(default=False, verbose_name='retirée')),
                ('author', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ajoutée par')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='dashboard.weeklyreport', verbose_name='CRA')),
            ],
            options={
                'verbose_name': 'phrase du CRA',
                'verbose_name_plural': 'phrases du CRA',
                'ordering': ['position', 'pk'],
                'constraints': [
                    models.UniqueConstraint(fields=('report', 'key'), name='weekly_line_once', violation_error_message='Cette phrase est déjà dans le CRA.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('proposed', ''), _negated=True), ('author__isnull', False), _connector='OR'), name='weekly_line_has_an_origin', violation_error_message='Une phrase vient des faits, ou de quelqu’un.'),
                    core.constraints.FrozenChild(insert=True, name='weekly_line_frozen', violation_error_message='Un CRA envoyé ne change plus.', when="EXISTS (SELECT 1 FROM dashboard_weeklyreport w WHERE w.id = {row}.report_id AND w.status = 'sent')"),
                ],
            },
        ),
    ]
