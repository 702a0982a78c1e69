from django.db import migrations, models

# The full text of the words: a table of its own on SQLite (written by core.search.index), an index on PostgreSQL.
FTS5 = "CREATE VIRTUAL TABLE core_search_words USING fts5(words, tokenize = 'unicode61 remove_diacritics 0')"
GIN = "CREATE INDEX core_search_words ON core_searchentry USING gin (array_to_tsvector(string_to_array(words, ' ')))"


def create_index(apps, schema_editor):
    schema_editor.execute(FTS5 if schema_editor.connection.vendor == "sqlite" else GIN)


def drop_index(apps, schema_editor):
    noun = "TABLE" if schema_editor.connection.vendor == "sqlite" else "INDEX"
    schema_editor.execute(f"DROP {noun} core_search_words")


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='SearchEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(max_length=60, verbose_name='nature')),
                ('object_id', models.BigIntegerField(verbose_name='document')),
                ('part', models.CharField(max_length=20, verbose_name='lecture')),
                ('kind', models.CharField(max_length=40, verbose_name='genre')),
                ('title', models.CharField(max_length=300, verbose_name='titre')),
                ('body', models.TextField(blank=True, verbose_name='texte')),
                ('url', models.CharField(max_length=300, verbose_name='lien')),
                ('capability', models.CharField(max_length=40, verbose_name='droit nécessaire')),
                ('unless', models.CharField(blank=True, max_length=40, verbose_name='droit à une lecture plus complète')),
                ('scope', models.CharField(max_length=20, verbose_name='périmètre')),
                ('scope_id', models.BigIntegerField(verbose_name='numéro du périmètre')),
                ('on', models.DateField(blank=True, null=True, verbose_name='date')),
                ('words', models.TextField(editable=False, verbose_name='mots')),
            ],
            options={
                'verbose_name': 'entrée de recherche',
                'verbose_name_plural': 'entrées de recherche',
                'ordering': [models.OrderBy(models.F('on'), descending=True, nulls_last=True), '-pk'],
                'indexes': [models.Index(fields=['scope', 'capability', 'scope_id'], name='search_entry_scope')],
                'constraints': [models.UniqueConstraint(fields=('subject', 'object_id', 'part'), name='search_entry_once', violation_error_message='Cette lecture du document est déjà indexée.')],
            },
        ),
        migrations.RunPython(create_index, drop_index),
    ]
