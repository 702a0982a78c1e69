class SecurityHeadersMiddleware:
    """Headers that Django and django-csp do not set, on every response."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"
        )
        if getattr(request, "user", None) is not None and request.user.is_authenticated:
            # A shared computer must not show a page again after sign-out.
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response
