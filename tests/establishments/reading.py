"""Open a page of the register, or read its paper."""

import io
import re

import pypdf
from django.urls import reverse


def get(client, name, *args, query="", status=200):
    response = client.get(reverse(f"establishments:{name}", args=args) + query)
    assert response.status_code == status
    return response


def html(client, name, *args, query=""):
    return get(client, name, *args, query=query).content.decode()


def pdf_text(response):
    assert response["Content-Type"] == "application/pdf"
    pages = pypdf.PdfReader(io.BytesIO(response.content)).pages
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))


def post_closure(client, creche, **fields):
    given = {"cause": "bridge", "part": "day", "starts_on": "2026-05-15", "ends_on": "2026-05-15", **fields}
    return client.post(reverse("establishments:closure_add", args=[creche.pk]), given)
