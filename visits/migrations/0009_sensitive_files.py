import core.constraints
import django.db.models.deletion
import django.utils.timezone
import visits.models.sensitive
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('establishments', '0005_journal_by_house'),
        ('visits', '0008_remarks'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PurgeCertificate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=12, unique=True, verbose_name='référence')),
                ('kind', models.CharField(choices=[('interview', 'entretien de second niveau avec une famille'), ('referral', 'saisine pluridisciplinaire'), ('practice', 'situation mettant en cause des pratiques'), ('team', 'situation d’équipe'), ('other', 'autre situation')], max_length=20, verbose_name='nature')),
                ('opened_on', models.DateField(verbose_name='ouvert le')),
                ('closed_on', models.DateField(verbose_name='clos le')),
                ('kept_until', models.DateField(verbose_name='conservé jusqu’au')),
                ('rule', models.CharField(max_length=200, verbose_name='règle')),
                ('notes', models.PositiveIntegerField(verbose_name='notes effacées')),
                ('purged_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='purgé le')),
            ],
            options={
                'verbose_name': 'certificat de purge',
                'verbose_name_plural': 'certificats de purge',
                'ordering': ['-purged_at', '-pk'],
                'constraints': [core.constraints.Frozen(insert=False, name='purge_certificate_frozen', violation_error_message='Un certificat ne change plus.', when='1 = 1')],
            },
        ),
        migrations.CreateModel(
            name='SensitiveFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(default=visits.models.sensitive.new_reference, editable=False, max_length=12, unique=True, verbose_name='référence')),
                ('kind', models.CharField(choices=[('interview', 'entretien de second niveau avec une famille'), ('referral', 'saisine pluridisciplinaire'), ('practice', 'situation mettant en cause des pratiques'), ('team', 'situation d’équipe'), ('other', 'autre situation')], max_length=20, verbose_name='nature')),
                ('sealed', models.BinaryField(null=True, verbose_name='objet chiffré')),
                ('opened_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='ouvert le')),
                ('closed_at', models.DateTimeField(editable=False, null=True, verbose_name='clos le')),
                ('keep_until', models.DateField(editable=False, null=True, verbose_name='conservé jusqu’au')),
                ('purged_at', models.DateTimeField(editable=False, null=True, verbose_name='purgé le')),
                ('client_uuid', models.UUIDField(editable=False, unique=True, verbose_name='clé de saisie')),
                ('establishment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='establishments.establishment', verbose_name='établissement')),
                ('opened_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'dossier sensible',
                'verbose_name_plural': 'dossiers sensibles',
                'ordering': ['-opened_at', '-pk'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('keep_until__isnull', True)), models.Q(('closed_at__isnull', False), ('keep_until__isnull', False)), _connector='OR'), name='sensitive_file_closed_is_kept_until', violation_error_message='Un dossier clos porte la date jusqu’à laquelle il est conservé.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('purged_at__isnull', True), ('sealed__isnull', False)), models.Q(('closed_at__isnull', False), ('purged_at__isnull', False), ('sealed__isnull', True)), _connector='OR'), name='sensitive_file_purged_is_empty', violation_error_message='Un dossier purgé ne contient plus rien.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='SensitiveNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sealed', models.BinaryField(verbose_name='texte chiffré')),
                ('written_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='écrite le')),
                ('client_uuid', models.UUIDField(editable=False, unique=True, verbose_name='clé de saisie')),
                ('author', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='visits.sensitivefile', verbose_name='dossier')),
            ],
            options={
                'verbose_name': 'note d’un dossier sensible',
                'verbose_name_plural': 'notes de dossiers sensibles',
                'ordering': ['written_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='SensitiveReader',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('named_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='désignée le')),
                ('ended_at', models.DateTimeField(editable=False, null=True, verbose_name='jusqu’au')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='readers', to='visits.sensitivefile', verbose_name='dossier')),
                ('named_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='personne')),
            ],
            options={
                'verbose_name': 'lecteur d’un dossier sensible',
                'verbose_name_plural': 'lecteurs de dossiers sensibles',
                'ordering': ['named_at', 'pk'],
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('file', 'user'), name='sensitive_reader_once', violation_error_message='Cette personne lit déjà ce dossier.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='SensitiveReading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('read_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='ouvert le')),
                ('way', models.CharField(default='page', max_length=10, verbose_name='façon')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='readings', to='visits.sensitivefile', verbose_name='dossier')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='personne')),
            ],
            options={
                'verbose_name': 'consultation d’un dossier sensible',
                'verbose_name_plural': 'consultations de dossiers sensibles',
                'ordering': ['-read_at', '-pk'],
                'constraints': [
                    core.constraints.Frozen(insert=False, name='sensitive_reading_frozen', violation_error_message='Une consultation enregistrée ne change plus.', when='1 = 1'),
                ],
            },
        ),
    ]
