from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0002_search_entry'),
    ]

    operations = [
        migrations.CreateModel(
            name='SourceLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('document_kind', models.CharField(max_length=60, verbose_name='nature du document')),
                ('document_id', models.BigIntegerField(verbose_name='document')),
                ('sentence', models.CharField(max_length=80, verbose_name='phrase')),
                ('subject', models.CharField(max_length=60, verbose_name='nature de la source')),
                ('key', models.CharField(max_length=160, verbose_name='source')),
                ('fingerprint', models.CharField(blank=True, max_length=64, verbose_name='empreinte')),
            ],
            options={
                'verbose_name': 'source d’une phrase',
                'verbose_name_plural': 'sources des phrases',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('document_kind', 'document_id', 'sentence', 'subject', 'key'), name='source_link_once', violation_error_message='Cette phrase cite déjà cette source.')],
            },
        ),
    ]
