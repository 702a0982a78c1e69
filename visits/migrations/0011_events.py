import core.constraints
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('establishments', '0005_journal_by_house'),
        ('projects', '0005_pedagogical_days'),
        ('visits', '0010_issued_readings'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('family', models.CharField(choices=[('accident', 'accident d’enfant'), ('death', 'décès ou malaise grave'), ('supervision', 'défaut de surveillance'), ('suspicion', 'suspicion de maltraitance par un professionnel'), ('child_at_risk', 'enfant en danger'), ('outbreak', 'santé collective'), ('family_conflict', 'conflit ou violence avec une famille'), ('complaint', 'réclamation'), ('building', 'bâtiment et sécurité'), ('staff', 'personnel'), ('food', 'alimentation'), ('records', 'registres et données'), ('highlight', 'valorisation')], max_length=20, verbose_name='famille')),
                ('severity', models.PositiveSmallIntegerField(choices=[(0, 'information'), (1, 'mineur'), (2, 'significatif'), (3, 'grave'), (4, 'critique')], verbose_name='gravité')),
                ('happened_at', models.DateTimeField(verbose_name='survenu le')),
                ('place', models.CharField(blank=True, max_length=120, verbose_name='où')),
                ('outside_help', models.BooleanField(default=False, verbose_name='hospitalisation ou secours extérieurs')),
                ('title', models.CharField(max_length=160, verbose_name='titre')),
                ('summary', models.TextField(blank=True, verbose_name='ce qui s’est passé')),
                ('measures', models.TextField(blank=True, verbose_name='mesures immédiates')),
                ('places_lost', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='places touchées')),
                ('status', models.CharField(choices=[('reported', 'signalé'), ('acknowledged', 'pris en charge'), ('closed', 'clos')], default='reported', max_length=15, verbose_name='état')),
                ('reported_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='signalé le')),
                ('acknowledged_at', models.DateTimeField(editable=False, null=True, verbose_name='pris en charge le')),
                ('escalated_at', models.DateTimeField(editable=False, null=True, verbose_name='remonté le')),
                ('closed_at', models.DateTimeField(editable=False, null=True, verbose_name='clos le')),
                ('lessons', models.TextField(blank=True, verbose_name='suites et enseignements')),
                ('client_uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='clé de saisie')),
            ],
            options={
                'verbose_name': 'événement',
                'verbose_name_plural': 'événements',
                'ordering': ['-happened_at', '-pk'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('family__in', ['suspicion', 'child_at_risk']), _negated=True), ('summary', ''), _connector='OR'), name='event_restricted_without_account', violation_error_message='Cette famille d’événement ne porte aucun récit : ouvrez un dossier sensible.'),
                    core.constraints.FrozenColumns(columns=['establishment_id', 'happened_at', 'reported_at', 'reported_by_id'], insert=False, name='event_told_frozen', violation_error_message='Ce qui a été signalé, quand et par qui, ne change plus.', when='1 = 1'),
                ],
            },
        ),
        migrations.CreateModel(
            name='EventNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('duty', models.CharField(blank=True, max_length=20, verbose_name='obligation')),
                ('whom', models.CharField(max_length=120, verbose_name='qui')),
                ('how', models.CharField(blank=True, max_length=120, verbose_name='comment')),
                ('told_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='prévenu le')),
            ],
            options={
                'verbose_name': 'information donnée sur un événement',
                'verbose_name_plural': 'informations données sur les événements',
                'ordering': ['told_at', 'pk'],
                'constraints': [
                    core.constraints.Frozen(insert=False, name='event_notice_frozen', violation_error_message='Une information donnée ne change plus.', when='1 = 1'),
                ],
            },
        ),
        migrations.RemoveConstraint(
            model_name='actionorigin',
            name='action_origin_exactly_one_source',
        ),
        migrations.AddField(
            model_name='event',
            name='acknowledged_by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='event',
            name='closed_by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='event',
            name='establishment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='establishments.establishment', verbose_name='établissement'),
        ),
        migrations.AddField(
            model_name='event',
            name='reported_by',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='actionorigin',
            name='event',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='raised', to='visits.event', verbose_name='événement'),
        ),
        migrations.AddConstraint(
            model_name='actionorigin',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('event__isnull', True), ('visit__isnull', False)), models.Q(('event__isnull', False), ('item__isnull', True), ('visit__isnull', True)), _connector='OR'), name='action_origin_exactly_one_source', violation_error_message='Une action a une origine, une seule.'),
        ),
        migrations.AddField(
            model_name='eventnotice',
            name='event',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='visits.event', verbose_name='événement'),
        ),
        migrations.AddField(
            model_name='eventnotice',
            name='told_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par'),
        ),
        migrations.AddField(
            model_name='eventnotice',
            name='user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='personne'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(fields=['establishment', 'happened_at'], name='event_by_establishment'),
        ),
        migrations.AddConstraint(
            model_name='event',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('acknowledged_at__isnull', True), ('acknowledged_by__isnull', True), ('status', 'reported')), models.Q(models.Q(('status', 'reported'), _negated=True), ('acknowledged_at__isnull', False), ('acknowledged_by__isnull', False)), _connector='OR'), name='event_acknowledged_stamp', violation_error_message='Un événement pris en charge porte par qui et quand.'),
        ),
        migrations.AddConstraint(
            model_name='event',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('status', 'closed'), _negated=True), ('closed_at__isnull', True), ('closed_by__isnull', True)), models.Q(('closed_at__isnull', False), ('closed_by__isnull', False), ('status', 'closed')), _connector='OR'), name='event_closed_stamp', violation_error_message='Un événement clos porte par qui et quand.'),
        ),
        migrations.AddConstraint(
            model_name='eventnotice',
            constraint=models.UniqueConstraint(condition=models.Q(('user__isnull', False)), fields=('event', 'user'), name='event_notice_once_a_person', violation_error_message='Cette personne est déjà prévenue.'),
        ),
        migrations.AddConstraint(
            model_name='eventnotice',
            constraint=models.UniqueConstraint(condition=models.Q(('duty', ''), _negated=True), fields=('event', 'duty'), name='event_notice_once_a_duty', violation_error_message='Cette autorité est déjà prévenue.'),
        ),
    ]
