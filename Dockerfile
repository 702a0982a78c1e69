# syntax=docker/dockerfile:1
# Two stages: what compiles and what runs. The image holds no secret and starts without root.
ARG PYTHON_IMAGE=python:3.11-slim-bookworm

FROM ${PYTHON_IMAGE} AS parts
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /build
COPY requirements/base.txt requirements/base.txt
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --require-hashes -r requirements/base.txt

FROM ${PYTHON_IMAGE}
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 RONDE_SECURE=1 MEDIA_ROOT=/data/media
WORKDIR /app
COPY requirements/system.txt requirements/system.txt
RUN apt-get update \
    && sed 's/#.*//' requirements/system.txt | xargs apt-get install -y --no-install-recommends \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 ronde \
    && useradd --uid 10001 --gid ronde --no-create-home --shell /usr/sbin/nologin ronde \
    && install -d -o ronde -g ronde /data /data/media
COPY --from=parts /opt/venv /opt/venv
COPY . .
# The key lives for this one command: static files need settings, settings need a key.
RUN SECRET_KEY=build-only RONDE_SENSITIVE_KEYS=build-only ALLOWED_HOSTS=localhost DATABASE_URL=sqlite:////tmp/build.sqlite3 \
    python manage.py collectstatic --noinput \
    && rm -rf /tmp/build.sqlite3 var
USER ronde
EXPOSE 8000
VOLUME /data
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "docker/health.py", "web"]
CMD ["gunicorn", "--config", "docker/gunicorn.conf.py", "config.wsgi:application"]
