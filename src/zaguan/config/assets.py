"""Built scripts and styles, also those of a build that ended after this process had started."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from whitenoise.middleware import WhiteNoiseMiddleware


class AssetsMiddleware(WhiteNoiseMiddleware):  # type: ignore[misc]
    """The list of files is read at the start; what is not on it is looked for once more before it is missing."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """A file, or the page behind."""
        path = request.path_info
        if path.startswith(self.static_prefix) and path not in self.files:
            name = path.removeprefix(self.static_prefix)
            # Built files lie in one folder; a name with a slash leads elsewhere.
            if "/" not in name and name.strip(".") and (self.static_root / name).is_file():
                self.add_file_to_dictionary(path, str(self.static_root / name))
        answer: HttpResponseBase = super().__call__(request)
        return answer
