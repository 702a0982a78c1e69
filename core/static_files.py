from django.contrib.staticfiles.storage import HashedFilesMixin
from whitenoise.storage import CompressedManifestStaticFilesStorage

_, IMPORTS = HashedFilesMixin._js_module_import_aggregation_patterns


class ModulesStorage(CompressedManifestStaticFilesStorage):
    """Collected files under the fingerprint of their content, the modules that a script of ours imports included.

    A page drawn before an update goes on importing the modules it was written with.
    """

    patterns = (*CompressedManifestStaticFilesStorage.patterns, ("js/*.js", IMPORTS))
